// A session: one property per table, all of them under one identity. There is no other way from application code to a row.

import type { Rules } from '../acl/rules.ts'
import type { Principal } from '../acl/principal.ts'
import { shapeOf } from '../acl/predicate.ts'
import { identityText } from '../acl/row-security.ts'
import { sha256Hex } from '../lib/hash.ts'
import { encodeCanonical } from '../lib/canonical.ts'
import { PaybillError } from '../lib/errors.ts'
import type { SqlStatement } from '../lib/sql.ts'
import type { TableName } from '../schema/rows.ts'
import type { Schema } from '../schema/table.ts'
import type { ChoiceNames } from './choice.ts'
import type { Disclosed } from './disclose.ts'
import type { Result } from './identified-query.ts'
import { type Identity, subjectOf } from './identity.ts'
import type { TableSession } from './query.ts'
import type { StatementCache } from './statement-cache.ts'
import type { Compiled } from './statement.ts'
import { tableSession } from './table-session.ts'

/** The tables of a schema, as far as one identity may see and change them. */
export type SessionTables<S extends Schema> = { readonly [N in TableName<S>]: TableSession<S['tables'][N]> }

/**
 * What application code works with. Each call is a transaction of its own; `transaction` puts several into one, which
 * takes effect as a whole or not at all. Transactions are not nested.
 *
 * @example await session.invoice.update({ where: { id }, set: { status: 'paid' } })
 */
export type Session<S extends Schema> = SessionTables<S> & {
  transaction<R>(work: (tables: SessionTables<S>) => Promise<R>): Promise<R>
  /** Labelled values as the person may see them, for a screen or a report. Throws DENIED where an agent or a step reads. */
  disclose<T>(value: T): Disclosed<T>
}

/** What all sessions of one database share. */
export type SessionGround = {
  readonly schema: Schema
  readonly rules: Rules
  readonly cache: StatementCache<Compiled>
  readonly choices: ChoiceNames
  readonly stretchOf: (now: Date) => number
}

/** Runs one statement under an identity, on whatever connection or transaction it was made for. */
export type Run = (statement: SqlStatement, identity: string) => Promise<Result>

export function sessionTables(ground: SessionGround, identity: Identity, run: Run): SessionTables<Schema> {
  const subject = subjectOf(identity)
  checkPrincipal(subject.principal)
  const shape = shapeOf(ground.rules, subject)
  const who = identityText(ground.rules, subject)
  const context = {
    ...ground,
    subject,
    shape,
    shapeKey: sha256Hex(encodeCanonical(shape)),
    now: () => new Date(),
    run: (statement: SqlStatement) => run(statement, who),
  }
  return Object.fromEntries(Object.keys(ground.schema.tables).map((table) => [table, tableSession(context, table)]))
}

function checkPrincipal(principal: Principal): void {
  if (principal.tenant === '' || principal.id === '')
    throw new PaybillError('ARGUMENT_INVALID', 'a principal needs an id and a tenant that are not empty')
}
