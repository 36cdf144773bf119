// The product whose tenant databases these tests make: a shop with every type of column, tables that refer to themselves
// and to each other in a circle, one table that all tenants share, and a journal.

import { randomBytes, randomUUID } from 'node:crypto'
import { acl } from 'paybill/acl'
import { journalTables } from 'paybill/journal'
import { schema, t, table } from 'paybill/schema'
import { z } from 'zod'
import { type Application, tenantDatabaseName } from '../../src/tenant-database/index.ts'
import { asAdmin } from './server.ts'

export const shop = schema({
  country: table({ code: t.text({ maxLength: 2 }).trusted(), name: t.text().trusted() }, { primaryKey: ['code'] }),
  customer: table(
    {
      tenant: t.tenant(),
      id: t.uuid().defaultRandom(),
      name: t.text(),
      country: t.text({ maxLength: 2 }).trusted().nullable(),
      parentId: t.uuid().nullable(),
      favouriteId: t.uuid().nullable(),
    },
    {
      primaryKey: ['tenant', 'id'],
      references: [
        { columns: ['tenant', 'parentId'], table: 'customer', to: ['tenant', 'id'] },
        { columns: ['tenant', 'favouriteId'], table: 'order', to: ['tenant', 'id'] },
      ],
    },
  ),
  order: table(
    {
      tenant: t.tenant(),
      id: t.uuid().defaultRandom(),
      customerId: t.uuid(),
      number: t.bigint(),
      amount: t.money(),
      tip: t.money().nullable(),
      rate: t.decimal({ precision: 30, scale: 10 }),
      day: t.date(),
      placedAt: t.timestamp(),
      isOpen: t.boolean(),
      quantity: t.integer(),
      note: t.text().nullable(),
      meta: t.json(z.unknown()),
    },
    {
      primaryKey: ['tenant', 'id'],
      references: [{ columns: ['tenant', 'customerId'], table: 'customer', to: ['tenant', 'id'] }],
    },
  ),
  line: table(
    { tenant: t.tenant(), id: t.uuid().defaultRandom(), orderId: t.uuid(), text: t.text() },
    {
      primaryKey: ['tenant', 'id'],
      references: [{ columns: ['tenant', 'orderId'], table: 'order', to: ['tenant', 'id'] }],
    },
  ),
})

export const shopRules = acl(shop, {
  roles: ['clerk'],
  rules: ({ allow }) => [
    allow('clerk').read('customer'),
    allow('clerk').read('order'),
    allow('clerk').create('customer'),
    allow('clerk').read('line'),
  ],
})

export const application: Application = {
  schema: shop,
  rules: shopRules,
  statementLists: [{ name: 'journal', statements: journalTables }],
}

export const secret = new Uint8Array(32).fill(7)

export function newName(): string {
  return tenantDatabaseName({ key: secret, organization: 'org_1', tenant: 'ten_1', generation: randomBytes(8).toString('hex') })
}

export const awkward = 'tab\tline\nback\\slash "quoted" \\N \\. \u{1F600} 中 \u2028'

/** Puts a tenant's rows into a prepared database: in every table, the journal's too. */
export async function seedTenant(databaseUrl: string, tenant: string, orders = 20): Promise<void> {
  const [parent, child, run] = [randomUUID(), randomUUID(), randomUUID()]
  const own = `'${tenant}'`
  const escaped = `E'${awkward.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}'`
  for (const statement of [
    `insert into country values ('NO', 'Norway'), ('SE', 'Sweden') on conflict do nothing`,
    `insert into customer (tenant, id, name, country) values (${own}, '${parent}', ${escaped}, 'NO')`,
    `insert into customer (tenant, id, name, parent_id) values (${own}, '${child}', 'child', '${parent}')`,
    `insert into "order" (tenant, customer_id, number, amount_minor, amount_currency, tip_minor, tip_currency, rate, day, placed_at, is_open, quantity, note, meta)
     select ${own}, '${child}', 9223372036854775807 - i, -9007199254740993 - i, 'NOK', case when i % 2 = 0 then i end,
       case when i % 2 = 0 then 'SEK' end, 12345678901234567890.1234567890 + i, '0001-01-01', '2026-03-29 01:59:59.123+00', i % 2 = 0, i,
       case when i % 3 = 0 then ${escaped} when i % 3 = 1 then '' end, '{"n": 0.1, "long": "\\u2028", "list": [null, {"a": 1e300}]}'
     from generate_series(1, ${orders}) i`,
    `update customer set favourite_id = (select id from "order" where tenant = ${own} limit 1) where tenant = ${own} and id = '${child}'`,
    `insert into line (tenant, order_id, text) select tenant, id, number::text from "order" where tenant = ${own}`,
    `insert into paybill.run (id, tenant, workflow, version, graph_hash, key, started_by) values ('${run}', ${own}, 'w', 1, 'h', 'k', 'p')`,
    `insert into paybill.lease values ('${run}', 'worker', now() + interval '1 hour')`,
    `insert into paybill.entry (run_id, number, tenant, kind, path, at, payload_hmac, hash)
     select '${run}', i, ${own}, 'k', 'p', now(), '\\x00ff', '\\x01' from generate_series(1, 5) i`,
    `insert into paybill.payload select '${run}', i, ${escaped} from generate_series(1, 5) i`,
    `insert into paybill.attempt values ('${run}', 'p', 1, 0)`,
    `insert into paybill.budget values (${own}, 'key', '2026-01-01', 12345678901234567890123456789)`,
    `insert into paybill.approval (id, tenant, run_id, path, right_needed, subject, version, values_hash, label_hash, shown, reasons, requested_by, expires_at)
     values (gen_random_uuid(), ${own}, '${run}', 'p', 'r', 's', 1, 'v', 'l', 'shown', 'reasons', 'p', now())`,
    `insert into paybill.segment select ${own}, 1, '0', '3', 2, '\\x01', '\\x02', '\\x03', 'key', '\\x04', '\\x05', now()
     where not exists (select from paybill.segment where low = '0' and tenant = ${own})`,
  ])
    await asAdmin(databaseUrl, statement)
}

/** Everything that a database holds of a tenant, as text, read by the server's own user in a session of his own. */
export async function rowsOf(databaseUrl: string, tenant: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const ofRun = `run_id in (select id from paybill.run where tenant = '${tenant}')`
  const conditions: Readonly<Record<string, string>> = {
    'paybill.lease': ofRun,
    'paybill.payload': ofRun,
    'paybill.attempt': ofRun,
  }
  const names = [
    'customer',
    '"order"',
    'line',
    ...['run', 'lease', 'entry', 'payload', 'attempt', 'segment', 'budget', 'approval'].map((name) => `paybill.${name}`),
  ]
  const entries: [string, readonly string[]][] = []
  for (const name of names) {
    const rows = await asAdmin(
      databaseUrl,
      `select r::text as row from ${name} r where ${conditions[name] ?? `tenant = '${tenant}'`} order by 1`,
    )
    entries.push([name, rows.map((row) => String(row['row']))])
  }
  return Object.fromEntries(entries)
}
