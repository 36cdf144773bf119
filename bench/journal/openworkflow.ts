// OpenWorkflow: a worker polls for runs; each `step.run` inserts a row when it begins and completes it when it is done.

import { OpenWorkflow } from 'openworkflow'
import { BackendPostgres } from 'openworkflow/postgres'
import { Ends } from './ends.ts'
import { createDatabase, type Place } from './place.ts'
import { type Chain, type DurableSystem, maxInFlight, stepValue } from './system.ts'

export async function openOpenWorkflow(place: Place): Promise<DurableSystem> {
  // It offers no size of its pool: it opens 10 connections, the default of its driver.
  const backend = await BackendPostgres.connect(await createDatabase(place))
  const app = new OpenWorkflow({ backend })
  const lastSteps = new Ends()
  const chain = app.defineWorkflow({ name: 'chain' }, async ({ input, step, run }) => {
    const { seed, steps } = input as Chain // what `run` below gives; no schema, as the other peers have none
    let value = seed
    for (let number = 1; number <= steps; number += 1) {
      const before = value
      value = await step.run({ name: `s${number}` }, () => stepValue(before, number))
    }
    lastSteps.ended(run.id)
    return value
  })
  const worker = app.newWorker({ concurrency: maxInFlight })
  await worker.start()

  // Its own `result()` looks once a second. Here the end is looked for as soon as the last step is done, in its favour.
  const waitForEnd = async (workflowRunId: string): Promise<void> => {
    for (;;) {
      const found = await backend.getWorkflowRun({ workflowRunId })
      if (found?.status === 'completed') return
      if (found?.status === 'failed') throw new Error(`the run failed: ${JSON.stringify(found.error)}`)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }

  return {
    run: async (of) => {
      const handle = await chain.run(of)
      const { id } = handle.workflowRun
      await lastSteps.wait(id)
      await waitForEnd(id)
      return { answer: () => handle.result() }
    },
    close: async () => {
      await worker.stop()
      await backend.stop()
    },
  }
}
