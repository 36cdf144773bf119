// Check 6: no value leaves to a recipient who may not read every cell that it came from. The recipient is a principal
// with rules of its own; the ACL is the only judge.

import { decideStatic } from '../acl/decide.ts'
import { readsEveryRow } from '../acl/every-row.ts'
import type { Principal } from '../acl/principal.ts'
import type { Rules } from '../acl/rules.ts'
import type { Transaction } from '../database/transaction.ts'
import type { Label } from '../label/label.ts'
import { PaybillError } from '../lib/errors.ts'
import { tableOf } from '../schema/table.ts'
import { type Refusal, refusal } from './refusal.ts'

/** The static part: the recipient may read the table and field of every origin, in some row. */
export function checkRecipient(
  rules: Rules,
  recipient: { readonly name: string; readonly principal: Principal | null },
  label: Label,
  now: Date,
): Refusal | null {
  if (label.origins.length === 0) return null
  const { principal } = recipient
  if (principal === null) return refusal('RECIPIENT_MAY_NOT_READ', `nobody declared the recipient \`${recipient.name}\``, label)
  const subject = { principal, agent: null, grant: null }
  for (const origin of label.origins) {
    const { table, field } = parseOrigin(origin)
    const decision = decideStatic(rules, subject, { action: 'read', table, fields: [field], now })
    if (!decision.allowed)
      return refusal('RECIPIENT_MAY_NOT_READ', `\`${recipient.name}\` may not read \`${table}.${field}\``, {
        origins: [origin],
        writers: label.writers,
      })
  }
  return null
}

/** The row part, in the transaction that writes the intent: every single origin row is one that the recipient may read. */
export async function checkRecipientRows(
  tx: Transaction,
  rules: Rules,
  recipient: Principal,
  label: Pick<Label, 'origins'>,
  now: Date,
): Promise<Refusal | null> {
  const session = tx.session({ principal: recipient, purpose: 'recipient check' })
  const byRow = Map.groupBy(label.origins.map(parseOrigin), (origin) => `${origin.table}#${origin.key ?? ''}`)
  for (const cells of byRow.values()) {
    const [first] = cells
    if (first === undefined) continue
    const origins = cells.map((cell) => `${cell.table}.${cell.field}#${cell.key ?? '*'}`)
    const fields = [...new Set(cells.map((cell) => cell.field))]
    if (first.key === null) {
      // A whole statement as origin stands for rows that are no longer known one by one: only fields read everywhere will do.
      if (fields.every((field) => readsEveryRow(rules, recipient, { table: first.table, field, now }))) continue
      return refusal('RECIPIENT_MAY_NOT_READ', `\`${recipient.id}\` may not read every row of \`${first.table}\``, { origins })
    }
    const found = await session[first.table]?.findFirst({ where: keyCondition(rules, first.table, first.key), select: fields })
    if (found === null || found === undefined)
      return refusal('RECIPIENT_MAY_NOT_READ', `\`${recipient.id}\` may not read this row of \`${first.table}\``, { origins })
  }
  return null
}

function parseOrigin(origin: string): { readonly table: string; readonly field: string; readonly key: string | null } {
  const match = /^([A-Za-z0-9]+)\.([A-Za-z0-9]+)#(.*)$/s.exec(origin)
  if (match === null) throw new PaybillError('INTERNAL', 'a label holds an origin that is no cell')
  const [, table = '', field = '', key = ''] = match
  return { table, field, key: key === '*' ? null : key }
}

// The key of an origin: the primary key without the tenant, each part encoded, joined by slashes.
function keyCondition(rules: Rules, table: string, key: string): Record<string, unknown> {
  const columns = tableOf(rules.schema, table).options.primaryKey.filter((column) => column !== 'tenant')
  const parts = key.split('/').map(decodeURIComponent)
  return Object.fromEntries(columns.map((column, index) => [column, keyValue(rules, table, column, parts[index] ?? '')]))
}

function keyValue(rules: Rules, table: string, column: string, text: string): unknown {
  const kind = tableOf(rules.schema, table).columns[column]?.type.kind
  if (kind === 'integer') return Number(text)
  if (kind === 'bigint') return BigInt(text)
  if (kind === 'boolean') return text === 'true'
  return kind === 'timestamp' ? new Date(text) : text
}
