// `paybillctl tenants`: the tenants that are not deleted, a page at a time.

import { visible } from 'paybill/lib'
import { call, findServer } from '../client.ts'
import type { CliIo } from '../io.ts'
import { accessCell, nextText } from '../show.ts'
import { printTable } from '../table.ts'
import { count, readWords } from '../words.ts'

export async function tenantsCommand(words: readonly string[], io: CliIo): Promise<void> {
  const { options } = readWords(words, {
    command: 'tenants',
    options: { after: { type: 'string' }, limit: { type: 'string' } },
  })
  const { after, limit } = options
  const page = await call(findServer(options, io), 'tenantList', {
    query: { ...(after === undefined ? {} : { after }), ...(limit === undefined ? {} : { limit: count(limit, 'limit') }) },
  })
  if (options.json === true) return io.out(JSON.stringify(page))
  if (page.tenants.length === 0) return io.out('there are none')
  printTable(
    io,
    [
      { title: 'id', isWhole: true },
      { title: 'name' },
      { title: 'plan' },
      { title: 'isolation' },
      { title: 'cell' },
      { title: 'phase' },
      { title: 'access', isWhole: true },
      { title: 'next' },
    ],
    page.tenants.map((tenant) => [
      { text: tenant.id },
      { text: tenant.name },
      { text: tenant.plan?.id ?? '–' },
      { text: tenant.isolation },
      { text: tenant.place?.cell ?? '–' },
      { text: tenant.phase.replaceAll('_', ' ') },
      accessCell(tenant.access),
      { text: nextText(tenant.next) },
    ]),
  )
  if (page.next !== null) io.out(`there are more: add --after ${visible(page.next)}`)
}
