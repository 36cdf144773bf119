// The smallest thing that can run SQL, so that modules which own tables need not know how connections are made.

/** A statement: text with `$1` parameters. With a `name` it is prepared once per connection. Undefined values are refused. */
export type SqlStatement = {
  readonly text: string
  readonly values?: readonly SqlValue[]
  readonly name?: string
}

export type SqlValue = string | number | boolean | null | Uint8Array | readonly (string | null)[]

/** Every value as PostgreSQL's text, decoded by whoever knows the type. */
export type SqlRow = Readonly<Record<string, string | null>>

export type SqlClient = {
  query(statement: SqlStatement): Promise<{ readonly rows: readonly SqlRow[]; readonly count: number }>
}
