// A statement that travels together with what must come before it: `begin`, and the identity that row level security
// reads. All of it goes out in one message under one Sync, so that no other statement can fall in between and an
// autocommitted statement costs one round trip. pg's own pipelining cannot do this: it sends a Sync after each query, and
// a local setting ends there.

import { type CustomTypesConfig, Query } from 'pg'

/** Prepared on every connection before its first use, by `prepareConnection`. */
export const prefixStatements = {
  paybill_begin: 'begin',
  paybill_identity: `select set_config('paybill.identity', $1, true)`,
} as const

/** Something to run first, of the prepared ones above. */
export type Prefix = { readonly statement: keyof typeof prefixStatements; readonly values: readonly string[] }

/** A value as it goes over the wire. Whatever could fail on its way to this form has failed before. */
export type WireValue = string | Buffer | null

export type WireStatement = { readonly text: string; readonly name: string | undefined; readonly values: readonly WireValue[] }

export type Result = {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
  /** Rows returned, or rows changed where the statement returns none. */
  readonly count: number
}

/** Every value stays PostgreSQL's text: the schema decodes it, and the runtime decodes what it asked for. */
export const textOnly: CustomTypesConfig = { getTypeParser: () => (text: string) => text }

/** How many named statements one connection keeps prepared; the oldest is closed when one more comes. */
const maxPreparedStatements = 500

// What pg's Query is on the inside (pg/lib/query.js, 8.23): its type declarations show only `submit`. The tests of this
// module fail where another version of pg differs.
type Wire = {
  readonly parsedStatements: Record<string, string>
  readonly stream: { destroy(): void }
  bind(message: { portal: string; statement: string; values: readonly string[] }): void
  execute(message: { portal: string }): void
  close(message: { type: 'S'; name: string }): void
}
type QueryConfig = {
  readonly text: string
  readonly name: string | undefined
  readonly values: readonly WireValue[]
  readonly rowMode: 'array'
  readonly types: CustomTypesConfig
  readonly callback: (error: Error | null, result: PgResult) => void
}
type PgResult = {
  readonly fields: readonly { readonly name: string }[]
  readonly rows: readonly (readonly (string | null)[])[]
  readonly rowCount: number | null
}
type PgQuery = InstanceType<typeof Query> & {
  requiresPreparation(): boolean
  hasBeenParsed(wire: Wire): boolean
  prepare(wire: Wire): void
  handleDataRow(message: unknown): void
  handleCommandComplete(message: unknown, wire: Wire): void
  handleError(error: Error, wire: Wire): void
}
const BaseQuery = Query as unknown as new (config: QueryConfig) => PgQuery

export class IdentifiedQuery extends BaseQuery {
  readonly #prefixes: readonly Prefix[]
  readonly #isNamed: boolean
  /** How many answers still belong to the prefixes. */
  #skipping: number

  constructor(statement: WireStatement, prefixes: readonly Prefix[], done: (error: Error | null, result: Result) => void) {
    super({
      ...statement,
      rowMode: 'array',
      types: textOnly,
      callback: (error, result) => done(error, error === null ? plainResult(result) : noResult),
    })
    this.#prefixes = prefixes
    this.#isNamed = statement.name !== undefined
    this.#skipping = prefixes.length
  }

  override requiresPreparation(): boolean {
    return true
  }

  override prepare(wire: Wire): void {
    if (this.#isNamed && !this.hasBeenParsed(wire)) closeOldest(wire)
    for (const prefix of this.#prefixes) {
      wire.bind({ portal: '', statement: prefix.statement, values: prefix.values })
      wire.execute({ portal: '' })
    }
    super.prepare(wire)
  }

  override handleDataRow(message: unknown): void {
    if (this.#skipping === 0) super.handleDataRow(message)
  }

  override handleCommandComplete(message: unknown, wire: Wire): void {
    if (this.#skipping > 0) this.#skipping -= 1
    else super.handleCommandComplete(message, wire)
  }
}

const noResult: Result = { columns: [], rows: [], count: 0 }

function plainResult(result: PgResult): Result {
  return { columns: result.fields.map((field) => field.name), rows: result.rows, count: result.rowCount ?? 0 }
}

function closeOldest(wire: Wire): void {
  const names = Object.keys(wire.parsedStatements).filter((name) => !Object.hasOwn(prefixStatements, name))
  const [oldest] = names
  if (oldest === undefined || names.length < maxPreparedStatements) return
  wire.close({ type: 'S', name: oldest })
  delete wire.parsedStatements[oldest]
}
