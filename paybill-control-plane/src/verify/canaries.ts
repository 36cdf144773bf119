// Canaries: rows with values of their own, put among a tenant's rows for the time of a verification, in every table that the
// application declares.
//
// INVARIANT: nothing is written into the journal. An entry of ours could be sealed before it is removed, and its removal
// would be a finding for ever. Of the journal, what the tenant has there already serves as its marker.
//
// INVARIANT: canaries go when the verifier goes, also where it is killed. The server removes them itself, in a statement
// that was sent before they came and waits for a lock that the verifier holds.

import { randomInt } from 'node:crypto'
import { PaybillError } from 'paybill/lib'
import { type AdminConnection, applicationUrl, connectAsAdmin, databaseUrl, roleNames } from 'paybill/migrate'
import { quoteName, quoteText, type Schema } from 'paybill/schema'
import type { Marker } from './attempt.ts'
import { attackLine } from './attack-line.ts'
import type { TenantUnderTest } from './tenant.ts'
import {
  canaryPrefix,
  insertText,
  keyCondition,
  rowMarkers,
  shortestMarker,
  sqlTable,
  type TenantRow,
  tenantRows,
} from './tenant-row.ts'

export type Canaries = {
  /** What stands in the tenant's rows now. */
  readonly rows: readonly TenantRow[]
  readonly markers: readonly Marker[]
  /** Tables, and parts of the journal, without a marker, with the reason. */
  readonly unmarked: readonly string[]
  /** Shows a marker in a query and sends it to a channel, as the tenant's own session. */
  readonly speak: (channel: string) => Promise<void>
  /** Tries to put the same rows in once more, which changes nothing but what counts such tries. */
  readonly again: () => Promise<void>
}

/**
 * Plants them, hands them to the work, and takes them out again. `bystander` is who must not see them: values of the journal
 * that he has too are no markers. Throws CONFLICT where a canary would not go.
 */
export async function withCanaries<R>(
  of: {
    readonly schema: Schema
    readonly secret: Uint8Array
    readonly tenant: TenantUnderTest
    readonly bystander: TenantUnderTest
  },
  work: (canaries: Canaries) => Promise<R>,
): Promise<R> {
  const { schema, tenant } = of
  const { rows, left } = tenantRows(schema)
  const remover = await connectAsOwner(tenant)
  let whenRemoved: Promise<unknown> = Promise.resolve(null)
  try {
    const keeper = await connectAsOwner(tenant)
    try {
      const lock = randomInt(2 ** 47)
      await keeper.query(`select pg_advisory_lock(${lock})`)
      whenRemoved = failureOf(remover.query(removal(schema, { rows, tenant: tenant.id, lock })))
      const { planted, refused } = await plant(keeper, schema, { rows, tenant: tenant.id })
      const journal = await journalMarkers(keeper, of)
      return await withSpeaker(of, ({ word, speak }) =>
        work({
          rows: planted,
          markers: [
            ...planted.flatMap(rowMarkers),
            ...journal.markers,
            ...[tenant.id, ...(tenant.names ?? [])].map((value) => ({ value, where: 'who the tenant is' })),
            { value: word, where: 'a statement of the tenant' },
          ],
          unmarked: [
            ...left,
            ...refused,
            ...journal.unmarked,
            ...(speak === null ? ['no session of the tenant could be opened'] : []),
          ],
          speak: speak ?? (async () => undefined),
          again: async () => {
            for (const row of planted)
              await keeper.query(`${insertText(schema, row, { tenant: tenant.id })} on conflict do nothing`)
          },
        }),
      )
    } finally {
      await keeper.close()
    }
  } finally {
    const failure = await whenRemoved
    await remover.close()
    requireRemoved(failure)
  }
}

type Speaker = { readonly word: string; readonly speak: ((channel: string) => Promise<void>) | null }

// A tenant that uses all of its connections is spoken for by nobody.
async function withSpeaker<R>(
  { tenant, secret }: { readonly tenant: TenantUnderTest; readonly secret: Uint8Array },
  work: (speaker: Speaker) => Promise<R>,
): Promise<R> {
  const word = `${canaryPrefix}spoken-${randomInt(2 ** 47)}`
  const line = await attackLine(applicationUrl({ ...tenant.place, secret })).catch(() => null)
  if (line === null) return work({ word, speak: null })
  try {
    const speak = async (channel: string): Promise<void> => {
      await line.rows(`select pg_notify(${quoteText(channel)}, ${quoteText(word)})`)
    }
    return await work({ word, speak })
  } finally {
    await line.close()
  }
}

function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  )
}

function requireRemoved(failure: unknown): void {
  if (failure === null) return
  const message = `canaries could not be removed: look for texts that begin with \`${canaryPrefix}\``
  throw new PaybillError('CONFLICT', message, { cause: failure })
}

async function connectAsOwner({ place }: TenantUnderTest): Promise<AdminConnection> {
  const connection = await connectAsAdmin(databaseUrl(place))
  // The remover waits for as long as a verification takes, and goes on when its client is gone.
  await connection.query(
    `select set_config('statement_timeout', '0', false), set_config('lock_timeout', '0', false), set_config('client_connection_check_interval', '0', false)`,
  )
  await connection.query(`set role ${quoteName(roleNames(place.name).owner)}`)
  return connection
}

function removal(
  schema: Schema,
  of: { readonly rows: readonly TenantRow[]; readonly tenant: string; readonly lock: number },
): string {
  const deletes = of.rows
    .toReversed()
    .map((row) => `delete from ${sqlTable(row.table)} where ${keyCondition(schema, row, of.tenant)};`)
  return `do $remove$ begin perform pg_advisory_lock(${of.lock}); ${deletes.join(' ')} end $remove$`
}

async function plant(
  keeper: AdminConnection,
  schema: Schema,
  of: { readonly rows: readonly TenantRow[]; readonly tenant: string },
): Promise<{ readonly planted: readonly TenantRow[]; readonly refused: readonly string[] }> {
  const planted: TenantRow[] = []
  const refused: string[] = []
  for (const row of of.rows) {
    try {
      await keeper.query(insertText(schema, row, { tenant: of.tenant }))
      planted.push(row)
    } catch (error) {
      // A rule of the database that the schema does not say.
      if (!(error instanceof PaybillError)) throw error
      refused.push(`\`${row.table}\` takes no row of the verifier: ${error.code}`)
    }
  }
  return { planted, refused }
}

const journalTexts = [
  [
    'paybill.payload.body',
    'select p.body as text from paybill.payload p join paybill.entry e using (run_id, number) where e.tenant = $1',
  ],
  ['paybill.run.id', 'select id::text as text from paybill.run where tenant = $1'],
  ['paybill.run.key', 'select key as text from paybill.run where tenant = $1'],
  ['paybill.approval.shown', 'select shown as text from paybill.approval where tenant = $1'],
] as const

const journalValues = 50

async function journalMarkers(
  keeper: AdminConnection,
  of: { readonly tenant: TenantUnderTest; readonly bystander: TenantUnderTest },
): Promise<{ readonly markers: readonly Marker[]; readonly unmarked: readonly string[] }> {
  const other = await connectAsOwner(of.bystander)
  try {
    const markers: Marker[] = []
    const unmarked: string[] = []
    for (const [where, text] of journalTexts) {
      const own = await textsOf(keeper, text, of.tenant.id)
      const others = await textsOf(other, text, of.bystander.id)
      const found = own.filter((value) => !others.some((text) => text.includes(value)))
      markers.push(...found.map((value) => ({ value, where: `\`${where}\`` })))
      if (found.length === 0) unmarked.push(`\`${where}\` of the tenant holds nothing that is only its own`)
    }
    return { markers, unmarked }
  } finally {
    await other.close()
  }
}

async function textsOf(connection: AdminConnection, text: string, tenant: string): Promise<readonly string[]> {
  const [journal] = await connection.query(`select to_regclass('paybill.payload') as name`)
  if (journal?.['name'] === null) return []
  const rows = await connection.query(`${text} limit ${journalValues}`, [tenant])
  return [...new Set(rows.map((row) => row['text'] ?? ''))].filter((value) => value.length >= shortestMarker)
}
