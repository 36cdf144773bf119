// Mastra: after each step the whole run so far is written as one snapshot. The chain is a loop over one step, in its
// favour: of a graph with 500 steps, each snapshot would hold all results before it.

import { randomUUID } from 'node:crypto'
import { Mastra } from '@mastra/core'
import { createStep, createWorkflow } from '@mastra/core/workflows'
import { PostgresStore } from '@mastra/pg'
import { z } from 'zod'
import { createDatabase, type Place } from './place.ts'
import { type DurableSystem, poolSize, stepValue } from './system.ts'

const progress = z.object({ value: z.number(), step: z.number(), steps: z.number() })

const next = createStep({
  id: 'next',
  inputSchema: progress,
  outputSchema: progress,
  execute: async ({ inputData: { value, step, steps } }) => ({ value: stepValue(value, step + 1), step: step + 1, steps }),
})

export async function openMastra(place: Place): Promise<DurableSystem> {
  const storage = new PostgresStore({ id: 'bench', connectionString: await createDatabase(place), max: poolSize })
  await storage.init()
  const chain = createWorkflow({ id: 'chain', inputSchema: progress, outputSchema: progress })
    .dountil(next, async ({ inputData: { step, steps } }) => step >= steps)
    .commit()
  const app = new Mastra({ storage, workflows: { chain }, logger: false })
  return {
    run: async ({ seed, steps }) => {
      const runId = randomUUID()
      const run = await app.getWorkflow('chain').createRun({ runId })
      const ended = await run.start({ inputData: { value: seed, step: 0, steps } })
      if (ended.status !== 'success') throw new Error(`the run ended as ${ended.status}`)
      return { answer: async () => progress.parse((await app.getWorkflow('chain').getWorkflowRunById(runId))?.result).value }
    },
    close: async () => {
      await app.shutdown()
      await storage.close()
    },
  }
}
