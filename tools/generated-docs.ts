// Pages and documents that are made from code. They are checked in, so that they can be read and linked, and compared by `npm run check`;
// `npm run check -- --write` makes them anew.

import { errorCodes } from 'paybill/lib'
import { openApiDocument } from 'paybill-control-plane/http'
import { clientSource } from './openapi-client.ts'

export type GeneratedPage = { readonly path: string; readonly render: () => string }

export const generatedPages: readonly GeneratedPage[] = [
  { path: 'docs/errors.md', render: renderErrors },
  { path: 'paybill-control-plane/openapi.json', render: () => `${JSON.stringify(openApiDocument(), null, 2)}\n` },
  { path: 'paybill-control-plane/src/cli/api.ts', render: () => clientSource(openApiDocument()) },
]

function renderErrors(): string {
  const rows = Object.entries(errorCodes).map(([code, { status, fix }]) => `| \`${code}\` | ${status} | ${fix} |`)
  return `# Error codes

Every error of Paybill is a \`PaybillError\` with one of these codes. The message says what happened in this case, the table
what to do about it. A caller is shown the code and, unless a detail was given on purpose, only the text of this table; the
message is for the log. The table is made from \`errorCodes\` in \`paybill/lib\` by \`npm run check -- --write\`.

| code | HTTP status | what to do |
|---|---|---|
${rows.join('\n')}
`
}
