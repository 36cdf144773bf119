// What somebody tries who runs SQL in a shared database as the application's role, with the identity of his own tenant set:
// row level security alone stands between the tenants then. What there is to attack is found in the catalog, not on a list.

import { journalTables } from 'paybill/journal'
import { quoteName, quoteText, type Schema } from 'paybill/schema'
import type { Application } from '../tenant-database/index.ts'
import type { AttackLine } from './attack-line.ts'
import type { Attempt, Promised, Question } from './attempt.ts'
import type { Canaries } from './canaries.ts'
import { identityOf, type TenantUnderTest } from './tenant.ts'
import {
  canaryPrefix,
  insertText,
  newValue,
  tellingFields,
  type TenantRow,
  tenantRows,
  type Value,
  valueText,
} from './tenant-row.ts'

export async function rowSecurityAttempts(of: {
  readonly application: Application
  readonly victim: TenantUnderTest
  readonly line: AttackLine
  readonly canaries: Canaries
  readonly attacker: TenantUnderTest
}): Promise<readonly Attempt[]> {
  const { line, victim, canaries, application } = of
  const { rows } = canaries
  const relations = await relationsOf(line)
  const functions = await functionsOf(line)
  return [
    ...relations.flatMap((relation) =>
      relation.isJournal
        ? journalTries({ ...of, rows }, relation)
        : [...relationReads({ ...of, rows }, relation), ...relationChanges({ ...of, rows }, relation)],
    ),
    ...functions.map((call) =>
      attempt(line, callText(call, { ...of, rows }), [victim.id, ...rows.map(keyOf)], { kind: 'nothing-seen' }),
    ),
    ...rows.flatMap((row) => inserts({ ...of, rows }, row)),
    ...(await sequenceAttempts(of)),
    ...takenIdentity({ ...of, rows }, relations, identityOf(application, victim.id)),
  ]
}

/** A table, view or the like. */
type Relation = {
  readonly sql: string
  readonly hasTenant: boolean
  readonly isView: boolean
  readonly isJournal: boolean
  readonly columns: readonly { readonly sql: string; readonly isText: boolean }[]
}

async function relationsOf(line: AttackLine): Promise<readonly Relation[]> {
  const found =
    await line.rows(`select c.oid::regclass::text as sql, (c.relkind in ('v', 'm', 'f'))::text as view, n.nspname || '.' || c.relname as name,
  json_agg(json_build_object('sql', quote_ident(a.attname), 'isText', a.atttypid in ('text'::regtype, 'varchar'::regtype)) order by a.attnum)::text as columns
from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
group by c.oid, n.nspname, c.relname order by 1`)
  return found.map((row) => {
    // The text is JSON that the statement above built.
    const columns = JSON.parse(row['columns'] ?? '[]') as Relation['columns']
    return {
      sql: row['sql'] ?? '',
      columns,
      hasTenant: columns.some(({ sql }) => sql === 'tenant'),
      isView: row['view'] === 'true',
      isJournal: journalNames.has(row['name'] ?? ''),
    }
  })
}

const journalNames: ReadonlySet<string> = new Set(
  journalTables.flatMap((statement) => /create table (paybill\.\w+)/.exec(statement)?.[1] ?? []),
)

const journalPromise: Promised = {
  kind: 'none',
  reason:
    'the journal of a pool has no row level security: its own statements name their tenant, and tenants have no credential to write others',
}

const hiddenCount: Promised = {
  kind: 'none',
  reason: 'a plan that is run tells how many rows a policy took out; tenants of a pool have no credential to ask for one',
}

type Between = {
  readonly application: Application
  readonly attacker: TenantUnderTest
  readonly victim: TenantUnderTest
  readonly line: AttackLine
  readonly rows: readonly TenantRow[]
}

// Rows of the other one come first where they can be seen, so that a page of a large table is enough. What is counted is
// counted over all of it.
function relationReads({ line, victim, rows }: Between, { sql, hasTenant, columns }: Relation): readonly Attempt[] {
  const nothing = (text: string): Attempt => attempt(line, text, [victim.id], { kind: 'nothing-seen' })
  const same = (text: (value: string) => string, value: string, nobody: string): Attempt => {
    const missing: Question = { sent: [nobody], ask: () => line.ask(text(nobody)) }
    return attempt(line, text(value), [value], { kind: 'no-difference', missing })
  }
  const first = hasTenant ? `order by tenant is distinct from ${quoteText(victim.id)} limit 1000` : 'limit 1000'
  const word =
    rows.flatMap((row) => Object.values(row.values).map(valueText)).find((value) => value.startsWith(canaryPrefix)) ?? victim.id
  const ofTenant = (text: (tenant: string) => string): Attempt => same((value) => text(quoteText(value)), victim.id, nobody)
  return [
    nothing(`select * from ${sql} ${first}`),
    nothing(`select r from ${sql} r ${first}`),
    nothing(`select string_agg(text, ',') from (select r::text as text from ${sql} r ${first}) r`),
    nothing(`select query_to_xml(${quoteText(`select * from ${sql} ${first}`)}, true, false, '')`),
    nothing(`set row_security = off; select * from ${sql} ${first}`),
    nothing(`with taken as materialized (select * from ${sql} ${first}) select * from taken`),
    nothing(`select t.* from (select 1) one left join lateral (select * from ${sql} ${first}) t on true`),
    nothing(`select max(r::text), min(r::text) from ${sql} r`),
    same((value) => `select count(*) from ${sql} r where r::text like ${quoteText(`%${value}%`)}`, word, `${canaryPrefix}nobody`),
    ...columns
      .filter(({ sql, isText }) => isText && sql !== 'tenant')
      .slice(0, mostTexts)
      .flatMap((column) => [
        nothing(`select count(*) from ${sql} where ${column.sql}::int > 0`),
        nothing(`select min(${column.sql}), max(${column.sql}) from ${sql}`),
        same((value) => `select count(*) from ${sql} where ${column.sql} = ${quoteText(value)}`, word, `${canaryPrefix}nobody`),
        same(
          (value) =>
            `select count(*) from ${sql} where 1 / (case when ${column.sql} = ${quoteText(value)} then 0 else 1 end) = 1`,
          word,
          `${canaryPrefix}nobody`,
        ),
      ]),
    ...(hasTenant
      ? [
          ofTenant((tenant) => `select * from ${sql} where tenant = ${tenant} limit 1000`),
          ofTenant((tenant) => `select count(*) from ${sql} where tenant = ${tenant}`),
          ofTenant((tenant) => `select exists (select from ${sql} where tenant = ${tenant})`),
          ofTenant((tenant) => `select 1 from ${sql} where tenant = ${tenant} limit 1 for update nowait`),
          nothing(
            `select tenant from ${sql} group by tenant order by tenant is distinct from ${quoteText(victim.id)} limit 1000`,
          ),
        ]
      : []),
    attempt(line, `explain (analyze, costs off, timing off, summary off) select * from ${sql}`, [], hiddenCount),
  ]
}

const nobody = 'ten_nobody'

/** Of each table. */
const mostTexts = 6

// INVARIANT: one row at most. What would be changed by a weakness is locked until it is rolled back.
function oneOf(sql: string, tenant: string): string {
  return `ctid in (select ctid from ${sql} where tenant = ${tenant} limit 1)`
}

function relationChanges({ line, victim }: Between, { sql, isView, hasTenant, columns }: Relation): readonly Attempt[] {
  if (!hasTenant || isView) return []
  const first = columns.find((column) => column.sql !== 'tenant')?.sql ?? 'tenant'
  const same = (text: (tenant: string) => string): Attempt => {
    const missing: Question = { sent: [nobody], ask: () => line.ask(text(quoteText(nobody))) }
    return attempt(line, text(quoteText(victim.id)), [victim.id], { kind: 'no-difference', missing })
  }
  return [
    same((tenant) => `update ${sql} set ${first} = ${first} where ${oneOf(sql, tenant)}`),
    same((tenant) => `update ${sql} set ${first} = ${first} where ${oneOf(sql, tenant)} returning *`),
    same((tenant) => `delete from ${sql} where ${oneOf(sql, tenant)}`),
    same((tenant) => `delete from ${sql} where ${oneOf(sql, tenant)} returning *`),
    same(
      (tenant) =>
        `merge into ${sql} t using (select tenant, ctid as place from ${sql} where tenant = ${tenant} limit 1) s on t.tenant = s.tenant and t.ctid = s.place when matched then delete`,
    ),
    attempt(line, `truncate ${sql} cascade`, [], { kind: 'refused' }),
    attempt(line, `alter table ${sql} disable row level security`, [], { kind: 'refused' }),
    attempt(line, `alter table ${sql} no force row level security`, [], { kind: 'refused' }),
    attempt(line, `create policy wide on ${sql} using (true)`, [], { kind: 'refused' }),
  ]
}

function journalTries({ line, victim }: Between, { sql, hasTenant, columns }: Relation): readonly Attempt[] {
  const [first] = columns
  const tenant = quoteText(victim.id)
  const texts = hasTenant
    ? [
        `select * from ${sql} where tenant = ${tenant} limit 100`,
        `update ${sql} set ${first?.sql} = ${first?.sql} where ${oneOf(sql, tenant)} returning *`,
        `delete from ${sql} where ${oneOf(sql, tenant)} returning *`,
      ]
    : [`select * from ${sql} where run_id in (select id from paybill.run where tenant = ${tenant}) limit 100`]
  return texts.map((text) => attempt(line, text, [victim.id], journalPromise))
}

type Call = { readonly name: string; readonly types: readonly string[] }

const mostArguments = 6

// Functions of the database's own schemas that the role may run.
async function functionsOf(line: AttackLine): Promise<readonly Call[]> {
  const found = await line.rows(`select quote_ident(n.nspname) || '.' || quote_ident(p.proname) as name,
  (select coalesce(json_agg(format_type(t, null)), '[]')::text from unnest(p.proargtypes) t) as types
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_' and p.prokind = 'f'
  and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype) and p.pronargs <= ${mostArguments} and has_function_privilege(p.oid, 'execute')
order by 1, 2`)
  return found.map(({ name, types }) => ({
    name: name ?? '',
    types: JSON.parse(types ?? '[]') as readonly string[], // which the statement above built
  }))
}

function callText({ name, types }: Call, { victim, rows }: Between): string {
  const given = types.map((type) => {
    if (type === 'text') return quoteText(victim.id)
    if (type === 'boolean') return 'true'
    const uuid = rows.map(keyOf).find((value) => value !== '')
    return type === 'uuid' && uuid !== undefined ? `${quoteText(uuid)}::uuid` : `null::${type}`
  })
  return `select to_json(found) from ${name}(${given.join(', ')}) as found`
}

function keyOf({ values }: TenantRow): string {
  return valueText(values['id'] ?? null)
}

function inserts({ application: { schema }, attacker, victim, line }: Between, row: TenantRow): readonly Attempt[] {
  const table = schema.tables[row.table]
  if (table === undefined) return []
  const fields = tellingFields(table, row)
  return [
    ...fields.map((field) => {
      const column = table.columns[field]
      const question = (value: Value): Question => ({
        sent: [valueText(value)],
        ask: () => line.ask(insertion(schema, row.table, { tenant: attacker.id, change: { [field]: value } })),
      })
      const nobody = column === undefined ? null : newValue(field, column)
      return named(
        `insert into ${quoteName(row.table)} with the \`${field}\` of the other`,
        question(row.values[field] ?? null),
        {
          kind: 'no-difference',
          missing: question(nobody),
        },
      )
    }),
    named(
      `insert into ${quoteName(row.table)} for the other tenant`,
      { sent: [victim.id], ask: () => line.ask(insertion(schema, row.table, { tenant: victim.id })) },
      { kind: 'refused' },
    ),
    named(
      `insert into ${quoteName(row.table)} over the row of the other`,
      {
        sent: [victim.id, ...Object.values(row.values).map(valueText)],
        ask: () => line.ask(`${insertText(schema, row, { tenant: victim.id })} on conflict do nothing`),
      },
      { kind: 'refused' },
    ),
  ]
}

// With the rows that it refers to, all of them new.
function insertion(
  schema: Schema,
  table: string,
  of: { readonly tenant: string; readonly change?: Readonly<Record<string, Value>> },
): string {
  const row = tenantRows(schema).rows.find((made) => made.table === table)
  if (row === undefined) return 'select 1'
  return [...row.parents.map((parent) => insertText(schema, parent, { tenant: of.tenant })), insertText(schema, row, of)].join(
    '; ',
  )
}

// INVARIANT: what a session can set, whoever runs SQL in it can set. It is tried so that nobody takes it for promised.
function takenIdentity({ line, victim }: Between, relations: readonly Relation[], identity: string): readonly Attempt[] {
  const reason = 'who runs SQL as the application’s role says himself for whom: tenants of a pool have no credential for it'
  return relations
    .filter(({ hasTenant, isJournal }) => hasTenant && !isJournal)
    .map(({ sql }) =>
      attempt(line, `select set_config('paybill.identity', ${quoteText(identity)}, true); table ${sql}`, [victim.id], {
        kind: 'none',
        reason,
      }),
    )
}

// What a sequence shows before and after the other one's rows were put in once more.
async function sequenceAttempts({
  line,
  canaries,
}: {
  readonly line: AttackLine
  readonly canaries: Canaries
}): Promise<readonly Attempt[]> {
  const sequences = await line.rows(`select oid::regclass::text as name from pg_class where relkind = 'S' order by 1`)
  return Promise.all(
    sequences.map(async ({ name }) => {
      const text = `select pg_sequence_last_value(${quoteText(name ?? '')})`
      const before = await line.ask(text)
      const after: Question = {
        sent: [],
        ask: async () => {
          await canaries.again()
          return line.ask(text)
        },
      }
      return named(text, after, { kind: 'no-difference', missing: { sent: [], ask: async () => before } })
    }),
  )
}

function attempt(line: AttackLine, text: string, sent: readonly string[], promise: Promised): Attempt {
  const shown = sent.reduce((text, value) => (value === '' ? text : text.replaceAll(value, '…')), text)
  return named(shown.slice(0, 160), { sent, ask: () => line.ask(text) }, promise)
}

function named(name: string, question: Question, promise: Promised): Attempt {
  return { method: 'row-security', attempt: name, promise, ...question }
}
