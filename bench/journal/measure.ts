// What is measured of one system, in one process: first that it computes what it should, then how fast.

import { setTimeout as pause } from 'node:timers/promises'
import { median } from '../measure/median.ts'
import { type Chain, chainAnswer, type DurableSystem, maxInFlight } from './system.ts'

/** `stepsPerSecond` with many runs at once, `sequentialStepsPerSecond` in one long run, the median of a run of one step. */
export type Speed = {
  readonly stepsPerSecond: number
  readonly sequentialStepsPerSecond: number
  readonly oneStepMs: number
}

const parallel = { runs: 500, steps: 5 }
const longRun = 500
const oneStepRuns = 24

export async function measure(system: DurableSystem): Promise<Speed> {
  for (const chain of [
    { seed: 11, steps: 1 },
    { seed: 12, steps: 5 },
    { seed: 13, steps: 50 },
  ])
    await checkAnswer(system, chain)
  await runMany(system, { runs: maxInFlight, steps: parallel.steps })

  const parallelMs = await timed(() => runMany(system, parallel))
  const sequentialMs = await timed(() => system.run({ seed: 1, steps: longRun }))
  const oneStepTimes: number[] = []
  for (let run = 0; run < oneStepRuns; run += 1) {
    // A run is asked for at any moment: back to back, it would meet a poller that has just been woken by the run before.
    await pause((run * 37) % 100)
    oneStepTimes.push(await timed(() => system.run({ seed: run, steps: 1 })))
  }
  return {
    stepsPerSecond: (parallel.runs * parallel.steps) / (parallelMs / 1000),
    sequentialStepsPerSecond: longRun / (sequentialMs / 1000),
    oneStepMs: median(oneStepTimes),
  }
}

async function checkAnswer(system: DurableSystem, chain: Chain): Promise<void> {
  const { answer } = await system.run(chain)
  const [found, expected] = [await answer(), chainAnswer(chain)]
  if (found !== expected)
    throw new Error(`a chain of ${chain.steps} steps from ${chain.seed} gave ${found}, and ${expected} is right`)
}

async function runMany(system: DurableSystem, of: { readonly runs: number; readonly steps: number }): Promise<void> {
  let started = 0
  const caller = async (): Promise<void> => {
    while (started < of.runs) {
      started += 1
      await system.run({ seed: started, steps: of.steps })
    }
  }
  await Promise.all(Array.from({ length: maxInFlight }, caller))
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
