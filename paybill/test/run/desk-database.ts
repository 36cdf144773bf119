// The desk's database for a test file, and its tools: apps on it, slips in it, and an outside world that remembers what
// reached it and under which key.

import { randomUUID } from 'node:crypto'
import { inject } from 'vitest'
import type { Principal } from '../../src/acl/principal.ts'
import type { Model } from '../../src/agent/model.ts'
import { type Database, type Internals, internals } from '../../src/database/database.ts'
import { openDatabase } from '../../src/database/index.ts'
import type { EntryKind } from '../../src/journal/entry.ts'
import { journalTables } from '../../src/journal/index.ts'
import { prepareDatabase } from '../../src/migrate/index.ts'
import { type App, createApp } from '../../src/run/app.ts'
import type { WorkerSettings } from '../../src/run/worker.ts'
import type { BuiltFlow, Flow } from '../../src/workflow/flow.ts'
import { type StepContext, type Workflow, workflow } from '../../src/workflow/workflow.ts'
import { temporaryDatabase } from '../../src/testing/index.ts'
import { z } from 'zod'
import { payloadKey } from '../invoke/door.ts'
import { agents, deskRules, deskSchema, nok, type Pay, type PayValues, personOf, recipients } from './desk.ts'
import { asServerUser, dropPrepared } from './outside.ts'

export type DeskDatabase = {
  readonly database: Database<typeof deskSchema>
  readonly client: Internals
  /** Past every rule. */
  sql(text: string, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>
  close(): Promise<void>
}

export async function openDeskDatabase(maxConnections = 10): Promise<DeskDatabase> {
  const serverUrl = inject('serverUrl')
  const temporary = await temporaryDatabase({ serverUrl })
  const { url } = await prepareDatabase({
    serverUrl,
    name: temporary.name,
    schema: deskSchema,
    rules: deskRules,
    statementLists: [{ name: 'journal', statements: journalTables }],
    secret: new Uint8Array(32).fill(7),
  })
  const database = await openDatabase({ url, schema: deskSchema, rules: deskRules, maxConnections })
  return {
    database,
    client: internals(database) as Internals,
    sql: (text, values) => asServerUser(temporary.url, text, values),
    close: async () => {
      await database.close()
      await temporary.drop()
      await dropPrepared(serverUrl, temporary.name)
    },
  }
}

/** A company of its own, with payee 100 on account NO100 and payee 200 on NO200. */
export async function newTenant(database: Database<typeof deskSchema>): Promise<string> {
  const tenant = `tenant-${randomUUID()}`
  const session = database.session({ principal: known('keeper', tenant), purpose: 'test' })
  for (const number of ['100', '200']) await session.payee.insert({ number, account: `NO${number}` })
  return tenant
}

export async function newSlip(
  database: Database<typeof deskSchema>,
  tenant: string,
  slip: { readonly payee?: string; readonly account?: string; readonly minor?: bigint; readonly memo?: string } = {},
): Promise<string> {
  const { payee = '100', account = 'NO100', minor = 50_00n, memo = 'stamps' } = slip
  const session = database.session({ principal: known('keeper', tenant), purpose: 'test' })
  const { id } = await session.slip.insert({ payee, account, amount: nok(minor), memo, remark: 'private' }, { returning: ['id'] })
  return id
}

export function known(id: string, tenant: string): Principal {
  const person = personOf(id, tenant)
  if (person === null) throw new Error(`nobody is called ${id}`)
  return person
}

type Start = Flow<{ readonly input: { readonly slip: string } }, StepContext<typeof deskSchema>>

export function deskWorkflow(build: (flow: Start) => BuiltFlow, version = 1): Workflow<{ slip: string }> {
  return workflow('desk', { version, schema: deskSchema, input: z.object({ slip: z.string() }) }, build)
}

/** Reads the slip that the run is for. */
export const loadSlip = {
  grant: { slip: { read: ['id', 'payee', 'account', 'amount', 'memo'] } },
  run: async ({ session }: StepContext<typeof deskSchema>, { input }: { readonly input: { readonly slip: string } }) => {
    const row = await session.slip.findFirst({ where: { id: input.slip }, select: ['payee', 'account', 'amount', 'memo'] })
    if (row === null) throw new Error('the slip of a run is there')
    return row
  },
} as const

export type AppChange = {
  readonly model?: Model['answer']
  readonly principal?: (id: string, tenant: string) => Promise<Principal | null>
  readonly onEntry?: (entry: { readonly kind: string; readonly path: string }) => void
  readonly worker?: Partial<WorkerSettings>
}

export function openApp(
  database: Database<typeof deskSchema>,
  workflows: readonly Workflow<{ slip: string }>[],
  change: AppChange = {},
): App {
  const answer = change.model ?? (async () => ({ answer: 'pay', tokens: 1 }))
  return createApp({
    database,
    workflows,
    models: { reader: { name: 'scripted', recipient: 'provider:model', answer } },
    agents,
    recipients,
    principal: change.principal ?? (async (id, tenant) => personOf(id, tenant)),
    payloadKey: () => payloadKey,
    worker: { leaseMs: 1_000, pollMs: 20, ...change.worker },
    onEntry: (_run, entry) => change.onEntry?.(entry),
  })
}

export async function startRun(
  app: App,
  flow: Workflow<{ slip: string }>,
  run: { tenant: string; slip: string; as?: string },
): Promise<string> {
  const { runId } = await app.start(
    flow,
    { slip: run.slip },
    { as: { id: run.as ?? 'ann', tenant: run.tenant }, key: randomUUID() },
  )
  return runId
}

/** The kinds of a run's entries, in order. */
export async function kindsOf(app: App, tenant: string, runId: string): Promise<readonly EntryKind[]> {
  return (await app.runs.history({ id: 'ann', tenant }, runId)).map((entry) => entry.kind)
}

/** Somebody outside who carries an order out once for each key, as a careful service does. */
export type Outside = {
  readonly pay: Pay
  /** What was carried out, in order. */
  readonly paid: readonly PayValues[]
  /** How often it was asked, repetitions included. */
  readonly asked: () => number
  readonly find: (key: string) => { readonly paid: string } | null
}

export function outsideWorld(): Outside {
  const byKey = new Map<string, PayValues>()
  const paid: PayValues[] = []
  let asked = 0
  return {
    paid,
    asked: () => asked,
    find: (key) => (byKey.has(key) ? { paid: key } : null),
    pay: async ({ values, idempotencyKey }) => {
      asked += 1
      if (!byKey.has(idempotencyKey)) {
        byKey.set(idempotencyKey, values)
        paid.push(values)
      }
      return { paid: idempotencyKey }
    },
  }
}
