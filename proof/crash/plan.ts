// Which cases a proof runs: pure, from the seed and from what the undisturbed job looked like.

import { randomFrom } from '../../examples/bill-pay/src/make-invoices/random.ts'
import type { ProofSize } from '../prove.ts'
import { killsAround, randomKill, type Stage } from './kill.ts'
import { mutants } from './mutants.ts'
import type { Case } from './run-case.ts'

/** How large a proof is. Lanes are cases at the same time, which for the most part wait for the lease of a killed worker. */
export const extent = {
  small: { lanes: 3, randomKills: 4, mutants: 1 },
  full: { lanes: 5, randomKills: 60, mutants: mutants.length },
} as const satisfies Record<ProofSize, unknown>

/** Into how many jobs the entries are dealt, so that one job is killed at every twelfth entry. */
const chains = 12

// In its small size a proof visits only the entries between which an effect happens.
const smallBoundaries = ['action.intent', 'action.done']

/** Jobs that are killed around every entry: together all numbers up to well beyond the last one. */
export function boundaryCases(size: ProofSize, seed: number, entries: number): readonly Case[] {
  const random = randomFrom(seed)
  if (size === 'small')
    return smallBoundaries.map((kind) => ({ name: `boundaries-${kind}`, mutant: null, kills: killsAround(random, { kind }) }))
  return Array.from({ length: chains }, (_, chain) => {
    // A killed job writes more entries than the undisturbed one: questions to the model that are asked again.
    const numbers = Array.from({ length: Math.ceil((2 * entries) / chains) }, (_, step) => 1 + chain + step * chains)
    return { name: `boundaries-${chain}`, mutant: null, kills: numbers.flatMap((number) => killsAround(random, { number })) }
  })
}

/** How many of a random case's moments most often come before the end of their job. */
export const usualKills = 2

/** The n-th job that is killed at random moments: twice before the approval and once after it. */
export function randomCase(seed: number, index: number, lasts: Readonly<Record<Stage, number>>): Case {
  const random = randomFrom(seed * 1_000 + index)
  // From the second start on there is the lease of the killed worker to wait for.
  const again = lasts.unapproved + leaseMs
  const kills = [
    randomKill(random, 'unapproved', lasts.unapproved),
    randomKill(random, 'unapproved', again),
    randomKill(random, 'approved', lasts.approved),
  ]
  return { name: `random-${index}`, kills, mutant: null }
}

const leaseMs = 3_000

/** Every mutant, killed where its missing guard would have been needed. */
export function mutantCases(size: ProofSize): readonly Case[] {
  return mutants.slice(0, extent[size].mutants).map(({ name, moment }, index) => ({
    name: `mutant-${index}`,
    mutant: name,
    kills: [{ moment, victims: 'job, bank and model' as const, stage: 'any' as const }],
  }))
}
