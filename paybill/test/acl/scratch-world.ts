// A database with a generated schema and rows, in which SQL and row level security are asked about generated rules.
//
// The rules speak of `now()`. A comparison at the very end of a time window needs a clock that stands still, so the text
// `now()` is replaced by the moment of the case; nothing else of what the readers write is touched.

import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { acl, type Rules } from '../../src/acl/rules.ts'
import { fillStatement, StatementWriter } from '../../src/database/statement-writer.ts'
import { assert } from '../../src/lib/assert.ts'
import { prepareDatabase } from '../../src/migrate/index.ts'
import { roleNames } from '../../src/migrate/roles.ts'
import { sqlColumns, toSql } from '../../src/schema/codec.ts'
import { columnName, quoteName, quoteText, tableName } from '../../src/schema/names.ts'
import { columnOf, hasTenant, type Schema, tableOf } from '../../src/schema/table.ts'
import { type Asked, keyOf, type Statement } from './case.ts'
import type { NaiveRow, NaiveWorld } from './naive.ts'
import type { Readers } from './readers.ts'

/** For one statement, by the key of the row: whether it may have that row. */
export type Answers = ReadonlyMap<string, boolean>

export class ScratchWorld {
  readonly #serverUrl: string
  readonly #name: string
  readonly #schema: Schema
  readonly #admin: Client
  readonly #application: Client

  private constructor(serverUrl: string, name: string, schema: Schema, clients: { admin: Client; application: Client }) {
    this.#serverUrl = serverUrl
    this.#name = name
    this.#schema = schema
    this.#admin = clients.admin
    this.#application = clients.application
  }

  static async make(serverUrl: string, schema: Schema, world: NaiveWorld): Promise<ScratchWorld> {
    const name = `acl_${randomBytes(6).toString('hex')}`
    const nobody = acl(schema, { roles: [], rules: () => [] })
    const { url } = await prepareDatabase({ serverUrl, name, schema, rules: nobody, secret: randomBytes(32) })
    const admin = new Client({ connectionString: withDatabase(serverUrl, name) })
    const application = new Client({ connectionString: url })
    await Promise.all([admin.connect(), application.connect()])
    await admin.query(outcomesFunction)
    await admin.query(otherCollation(schema))
    for (const [table, rows] of Object.entries(world)) if (rows.length > 0) await admin.query(insertText(schema, table, rows))
    return new ScratchWorld(serverUrl, name, schema, { admin, application })
  }

  async drop(): Promise<void> {
    await Promise.all([this.#admin.end(), this.#application.end()])
    const { owner, application } = roleNames(this.#name)
    const server = new Client({ connectionString: this.#serverUrl })
    await server.connect()
    await server.query(`drop database ${this.#name} with (force)`)
    await server.query(`drop role ${owner}, ${application}`)
    await server.end()
  }

  /** Puts the policies of these rules in the place of those of others. */
  async install(readers: Readers, rules: Rules, now: Date): Promise<void> {
    const { owner, application } = roleNames(this.#name)
    const statements = readers.rowSecurityStatements(rules).map((text) => text.replaceAll(/(?<!:):app\b/g, () => application))
    await this.#admin.query(
      ['begin', `set local role ${owner}`, 'set local search_path to public', ...statements, 'commit']
        .map((text) => atMoment(text, now))
        .join(';\n'),
    )
  }

  /** What the woven predicates answer, asked of every row as somebody whom no policy holds. */
  async sqlAnswers(readers: Readers, asked: Asked): Promise<readonly Answers[]> {
    const { rules, subject } = asked
    const shape = readers.shapeOf(rules, subject)
    const writer = new StatementWriter()
    const selects = asked.statements.flatMap((statement, index) =>
      predicateSelects(readers, { ...asked, shape, writer, schema: this.#schema }, statement, index),
    )
    const prepared = writer.finish(atMoment(selects.join('\nunion all\n'), asked.now))
    const { text, values = [] } = fillStatement(prepared, { given: [], rules, principal: subject.principal })
    // Related rows are read by functions that ask the identity for the tenant.
    await this.#admin.query(`select set_config('paybill.identity', $1, false)`, [readers.identityText(rules, subject)])
    const { rows } = await this.#admin.query<{ statement: number; key: string; holds: boolean }>(text, [...values])
    return asked.statements.map(
      (_, index) => new Map(rows.filter(({ statement }) => statement === index).map(({ key, holds }) => [key, holds])),
    )
  }

  /** What row level security alone does, with statements that carry the identity and no predicate. */
  async rowSecurityAnswers(readers: Readers, asked: Asked): Promise<readonly Answers[]> {
    return this.rowSecurityAnswersTo(asked, readers.identityText(asked.rules, asked.subject))
  }

  /** The same with any text as the identity; null sets none. */
  async rowSecurityAnswersTo(asked: Asked, identity: string | null): Promise<readonly Answers[]> {
    const attempts = asked.statements.flatMap((statement, index) =>
      attemptsOf(this.#schema, asked.world, statement).map((attempt) => ({ ...attempt, index })),
    )
    await this.#application.query('begin')
    try {
      if (identity !== null) await this.#application.query(`select set_config('paybill.identity', $1, true)`, [identity])
      const { rows } = await this.#application.query<{ outcomes: readonly string[] }>('select public.outcomes($1) as outcomes', [
        attempts.map(({ text }) => text),
      ])
      const answers = asked.statements.map(() => new Map<string, boolean>())
      for (const [number, { index, keys }] of attempts.entries()) {
        const outcome = rows[0]?.outcomes[number] ?? ''
        const reached = new Set(outcome.split(','))
        for (const key of keys) answers[index]?.set(key, reached.has(key))
      }
      return answers
    } finally {
      await this.#application.query('rollback')
    }
  }
}

type PredicateScope = Asked & {
  readonly schema: Schema
  readonly shape: ReturnType<Readers['shapeOf']>
  readonly writer: StatementWriter
}

function predicateSelects(readers: Readers, scope: PredicateScope, statement: Statement, index: number): readonly string[] {
  const { rules, shape, writer, schema } = scope
  const { action, table, fields } = statement
  const select = (key: string, holds: string, from: string): string =>
    `(select ${index} as statement, ${key} as key, coalesce(${holds}, false) as holds from ${from})`
  switch (action) {
    case 'read':
    case 'delete': {
      const may = readers.rowPredicate(rules, shape, { action, table, fields, alias: 'r' }, writer)
      return [select(keySql(schema, table, 'r'), may, `${quoteName(tableName(table))} as r`)]
    }
    case 'update': {
      const may = readers.rowPredicate(rules, shape, { action, table, fields, alias: 'b' }, writer)
      const check = readers.checkPredicate(rules, shape, { action, table, fields, alias: 'a', beforeAlias: 'b' }, writer)
      const changed = cellsOf(schema, table, statement.set).map(({ name, value }) => `${value} as ${quoteName(name)}`)
      const kept = Object.entries(tableOf(schema, table).columns)
        .filter(([field]) => !fields.includes(field))
        .flatMap(([field, column]) => sqlColumns(field, column).map(({ name }) => `b.${quoteName(name)}`))
      const after = `lateral (select ${[...kept, ...changed].join(', ')}) as a`
      return [select(keySql(schema, table, 'b'), `(${may}) and (${check})`, `${quoteName(tableName(table))} as b, ${after}`)]
    }
    case 'create':
      return statement.rows.map((row) => {
        const check = readers.checkPredicate(rules, shape, { action, table, fields, alias: 'a' }, writer)
        const cells = cellsOf(schema, table, row).map(({ name, value }) => `${value} as ${quoteName(name)}`)
        return select(quoteText(keyOf(row)), check, `(select ${cells.join(', ')}) as a`)
      })
    default:
      return action satisfies never
  }
}

/** A statement that is tried, the rows that it is about, and in its answer the keys of those that it reached. */
type Attempt = { readonly text: string; readonly keys: readonly string[] }

function attemptsOf(schema: Schema, world: NaiveWorld, statement: Statement): readonly Attempt[] {
  const { action, table } = statement
  const target = quoteName(tableName(table))
  const rows = world[table] ?? []
  const key = keySql(schema, table, target)
  switch (action) {
    case 'read':
      return [{ text: `select string_agg(${key}, ',') from ${target}`, keys: rows.map(keyOf) }]
    case 'delete':
      return [
        {
          text: `with gone as (delete from ${target} returning ${key} as key) select string_agg(key, ',') from gone`,
          keys: rows.map(keyOf),
        },
      ]
    case 'update': {
      const set = cellsOf(schema, table, statement.set).map(({ name, value }) => `${quoteName(name)} = ${value}`)
      // One by one, for a new value that is refused ends the whole statement.
      return rows.map((row) => ({
        text: `with changed as (update ${target} set ${set.join(', ')} where ${key} = ${quoteText(keyOf(row))} returning ${key} as key) select string_agg(key, ',') from changed`,
        keys: [keyOf(row)],
      }))
    }
    case 'create':
      return statement.rows.map((row) => {
        const cells = cellsOf(schema, table, row)
        const names = cells.map(({ name }) => quoteName(name)).join(', ')
        // Not `returning`, which would ask for the right to read.
        return {
          text: `with made as (insert into ${target} (${names}) values (${cells.map(({ value }) => value).join(', ')})) select ${quoteText(keyOf(row))}`,
          keys: [keyOf(row)],
        }
      })
    default:
      return action satisfies never
  }
}

// Tries statements one after the other and undoes each.
const outcomesFunction = `
create function public.outcomes(statements text[]) returns text[] language plpgsql as $body$
declare
  outcomes text[] := '{}';
  statement text;
  outcome text;
begin
  foreach statement in array statements loop
    begin
      execute statement into outcome;
      raise exception using errcode = 'PB001', message = coalesce(outcome, '');
    exception
      when sqlstate 'PB001' then outcomes := array_append(outcomes, sqlerrm);
      when insufficient_privilege then
        -- By a policy or by the trigger; anything else that is not permitted is a mistake.
        if sqlerrm <> 'refused' and sqlerrm not like 'new row violates row-level security policy%' then raise; end if;
        outcomes := array_append(outcomes, '');
    end;
  end loop;
  return outcomes;
end $body$`

/** Gives text columns a collation that is not by code point, so that a comparison that leans on the column's own is seen. */
function otherCollation(schema: Schema): string {
  const changes = Object.entries(schema.tables).flatMap(([table, { columns }]) =>
    Object.entries(columns).flatMap(([field, column]) =>
      column.type.kind === 'text'
        ? [`alter table ${quoteName(tableName(table))} alter ${quoteName(columnName(field))} type text collate "und-x-icu"`]
        : [],
    ),
  )
  return changes.join(';\n')
}

function keySql(schema: Schema, table: string, alias: string): string {
  const tenant = hasTenant(tableOf(schema, table)) ? `${alias}."tenant"` : `''`
  return `(${tenant} || '/' || ${alias}."id"::text)`
}

function cellsOf(schema: Schema, table: string, row: NaiveRow): readonly { readonly name: string; readonly value: string }[] {
  return Object.entries(row).flatMap(([field, value]) => {
    const column = columnOf(schema, table, field)
    const values = toSql(`${table}.${field}`, column, value)
    return sqlColumns(field, column).map(({ name, type }, index) => {
      const cell = values[index] ?? null
      return { name, value: `${cell === null ? 'null' : quoteText(String(cell))}::${type}` }
    })
  })
}

function insertText(schema: Schema, table: string, rows: readonly NaiveRow[]): string {
  const lines = rows.map((row) => cellsOf(schema, table, row))
  const names = (lines[0] ?? []).map(({ name }) => quoteName(name)).join(', ')
  const values = lines.map((cells) => `(${cells.map(({ value }) => value).join(', ')})`)
  return `insert into ${quoteName(tableName(table))} (${names}) values ${values.join(', ')}`
}

function atMoment(text: string, now: Date): string {
  assert(!text.includes('_timestamp()'), 'rules read the time as `now()`')
  return text.replaceAll('now()', `'${now.toISOString()}'::timestamptz`)
}

function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}
