// LangGraph with its PostgreSQL checkpointer: after each step the state of the graph is written as a checkpoint. `sync`
// waits for it before the next step, as all the others do; its default lets the next step begin before.

import { randomUUID } from 'node:crypto'
import { Annotation, END, START, StateGraph } from '@langchain/langgraph'
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres'
import { Pool } from 'pg'
import { z } from 'zod'
import { createDatabase, type Place } from './place.ts'
import { type Chain, type DurableSystem, poolSize, stepValue } from './system.ts'

const State = Annotation.Root({ value: Annotation<number>, step: Annotation<number>, steps: Annotation<number> })
const ended = z.object({ value: z.number() }) // what is read back is typed `any`

export async function openLangGraph(place: Place): Promise<DurableSystem> {
  const pool = new Pool({ connectionString: await createDatabase(place), max: poolSize })
  const checkpointer = new PostgresSaver(pool)
  await checkpointer.setup()
  const graph = new StateGraph(State)
    .addNode('next', async ({ value, step }) => ({ value: stepValue(value, step + 1), step: step + 1 }))
    .addEdge(START, 'next')
    .addConditionalEdges('next', ({ step, steps }) => (step < steps ? 'next' : END))
    .compile({ checkpointer })
  return {
    run: async ({ seed, steps }: Chain) => {
      const thread = { configurable: { thread_id: randomUUID() } }
      const limits = { recursionLimit: steps + 1, durability: 'sync' as const }
      await graph.invoke({ value: seed, step: 0, steps }, { ...thread, ...limits })
      return {
        answer: async () => {
          const state = await graph.getState(thread)
          return ended.parse(state.values).value
        },
      }
    },
    close: () => pool.end(),
  }
}
