// DBOS Transact: a function is the workflow, and each `runStep` in it inserts a row when the step is done.

import { DBOS } from '@dbos-inc/dbos-sdk'
import { createDatabase, type Place } from './place.ts'
import { type Chain, type DurableSystem, poolSize, stepValue } from './system.ts'

export async function openDbos(place: Place): Promise<DurableSystem> {
  const chain = DBOS.registerWorkflow(
    async ({ seed, steps }: Chain): Promise<number> => {
      let value = seed
      for (let step = 1; step <= steps; step += 1) {
        const before = value
        value = await DBOS.runStep(async () => stepValue(before, step), { name: `s${step}` })
      }
      return value
    },
    { name: 'chain' },
  )
  DBOS.setConfig({
    name: 'bench',
    systemDatabaseUrl: await createDatabase(place),
    systemDatabasePoolSize: poolSize,
    logLevel: 'error',
  })
  await DBOS.launch()
  return {
    run: async (of) => {
      const handle = await DBOS.startWorkflow(chain)(of)
      await handle.getResult()
      return { answer: () => DBOS.retrieveWorkflow<number>(handle.workflowID).getResult() }
    },
    close: () => DBOS.shutdown(),
  }
}
