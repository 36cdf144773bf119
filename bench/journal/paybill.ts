// Ours, through the public interface: a workflow of steps, an application, a worker. Grants, row level security, fence,
// labels, hashes and payload HMAC are on, for nothing turns them off. Settings are the defaults, but for as many runs at a
// time and as many connections as the peers have.

import { randomBytes, randomUUID } from 'node:crypto'
import { acl } from 'paybill/acl'
import { openDatabase } from 'paybill/database'
import { journalTables } from 'paybill/journal'
import { prepareDatabase } from 'paybill/migrate'
import { createApp } from 'paybill/run'
import { schema, t, table } from 'paybill/schema'
import { type Flow, type StepContext, type Workflow, workflow } from 'paybill/workflow'
import { z } from 'zod'
import { Ends } from './ends.ts'
import type { Place } from './place.ts'
import { type Chain, chainLengths, type DurableSystem, maxInFlight, poolSize, stepValue } from './system.ts'

const tables = schema({
  note: table({ tenant: t.tenant(), id: t.uuid(), text: t.text() }, { primaryKey: ['tenant', 'id'] }),
})

export async function openPaybill({ serverUrl, database: name }: Place): Promise<DurableSystem> {
  const chains = new Map<number, Workflow<{ seed: number }>>(chainLengths.map((steps) => [steps, chainWorkflow(steps)]))
  const rules = acl(tables, {
    roles: ['operator'],
    rules: (words) =>
      [...chains.values()].flatMap((chain) => [
        words.allow('operator').act(`start:${chain.name}`),
        words.allow('operator').act(`history:${chain.name}`),
      ]),
  })
  const { url } = await prepareDatabase({
    serverUrl,
    name,
    schema: tables,
    rules,
    statementLists: [{ name: 'journal', statements: journalTables }],
    secret: randomBytes(32),
  })
  const database = await openDatabase({ url, schema: tables, rules, maxConnections: poolSize })
  const payloadKey = randomBytes(32)
  const ends = new Ends()
  const app = createApp({
    database,
    workflows: [...chains.values()],
    principal: async (id, tenant) => ({ id, tenant, roles: ['operator'], claims: {} }),
    payloadKey: () => payloadKey,
    worker: { concurrency: maxInFlight },
    onEntry: (runId, entry) => {
      if (entry.kind === 'run.ended') ends.ended(runId)
    },
  })
  const stop = new AbortController()
  const working = app.work({ until: 'stopped', signal: stop.signal })
  const as = { id: 'bench', tenant: 'bench' }

  return {
    run: async ({ seed, steps }: Chain) => {
      const chain = chains.get(steps)
      if (chain === undefined) throw new RangeError(`no workflow of ${steps} steps is registered`)
      const { runId } = await app.start(chain, { seed }, { as, key: randomUUID() })
      await ends.wait(runId)
      return {
        answer: async () => {
          const history = await app.runs.history(as, runId)
          return Number(history.findLast((entry) => entry.kind === 'step.done')?.payload['result'])
        },
      }
    },
    close: async () => {
      stop.abort()
      await working
      await database.close()
    },
  }
}

/** The value before a step stands under the name of the step before. */
type ChainScope = { readonly input: { readonly seed: number } } & Readonly<Record<`s${number}`, number>>

function chainWorkflow(steps: number): Workflow<{ seed: number }> {
  const declaration = { version: 1, schema: tables, input: z.object({ seed: z.number() }) }
  return workflow(`chain-${steps}`, declaration, (start) => {
    let flow: Flow<ChainScope, StepContext<typeof tables>> = start
    for (let step = 1; step <= steps; step += 1)
      flow = flow.step(`s${step}`, {
        grant: {},
        run: async (_context, scope) => stepValue(step === 1 ? scope.input.seed : (scope[`s${step - 1}`] ?? Number.NaN), step),
      })
    return flow
  })
}
