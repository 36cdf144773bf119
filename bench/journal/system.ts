// What every system compared must do: carry out a chain of steps, each of which needs the one before, and have each result
// on disk. The steps compute next to nothing, so that what is measured is the recording.

import type { Place } from './place.ts'

/** A run: so many steps in sequence, from a first value. */
export type Chain = { readonly seed: number; readonly steps: number }

export type DurableSystem = {
  /** Starts a run and resolves when its end is on disk. `answer` reads the last value back out of the system. */
  run(chain: Chain): Promise<{ readonly answer: () => Promise<number> }>
  close(): Promise<void>
}

/** A way to open a system in a database of its own, and what it promises, for the table. */
export type SystemEntry = {
  readonly kind: 'ours' | 'peer' | 'by hand'
  /** When the result of a step is on disk, and in which form. */
  readonly records: string
  /** Who goes on with a run whose process was killed. */
  readonly recovers: string
  readonly open: (place: Place) => Promise<DurableSystem>
}

/** How long the chains are that are asked for; a system whose graphs are fixed builds one for each. */
export const chainLengths = [1, 5, 50, 500] as const

/** The most runs that are under way at once. Systems that poll for runs work on as many at a time. */
export const maxInFlight = 200

/** Connections that each system may open. */
export const poolSize = 20

/** What the step of a number makes of the value before it. */
export function stepValue(value: number, step: number): number {
  return (value * 31 + step) % 1_000_003
}

export function chainAnswer({ seed, steps }: Chain): number {
  let value = seed
  for (let step = 1; step <= steps; step += 1) value = stepValue(value, step)
  return value
}
