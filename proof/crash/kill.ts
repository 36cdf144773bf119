// What is killed and when: one kill of a case, chosen from the seed, and the words for it.

import type { Random } from '../../examples/bill-pay/src/make-invoices/random.ts'

/** `server` alone means that the job lives and loses its database. */
export type Victims = 'job' | 'job, bank and model' | 'job, bank, model and server' | 'server'

/** A moment on the clock counts from the start of the job. An entry is a row of the journal, by its number or its kind. */
export type Moment =
  | { readonly kind: 'clock'; readonly ms: number }
  | { readonly kind: 'entry'; readonly entry: EntryBoundary; readonly side: 'before its commit' | 'after its commit' }

export type EntryBoundary = { readonly number: number } | { readonly kind: string }

/** `stage`: before or after the manager has approved what waits; an entry is waited for in both. */
export type Kill = { readonly moment: Moment; readonly victims: Victims; readonly stage: Stage | 'any' }
export type Stage = 'unapproved' | 'approved'

/** A kill at a random moment of a job that takes about `lastsMs`. */
export function randomKill(random: Random, stage: Stage, lastsMs: number): Kill {
  const ms = random.integer(Math.max(Math.round(lastsMs), 1))
  const victims = random.pick<Victims>([
    'job',
    'job',
    'job, bank and model',
    'job, bank and model',
    'job, bank, model and server',
    'server',
  ])
  return { moment: { kind: 'clock', ms }, victims, stage }
}

/** Kills on both sides of one entry. */
export function killsAround(random: Random, entry: EntryBoundary): readonly Kill[] {
  return (['before its commit', 'after its commit'] as const).map((side) => ({
    moment: { kind: 'entry', entry, side },
    victims: random.pick<Victims>(['job', 'job', 'job, bank and model', 'job, bank and model', 'job, bank, model and server']),
    stage: 'any',
  }))
}

export function describeKill({ moment, victims, stage }: Kill): string {
  if (moment.kind === 'clock') return `${victims} after ${moment.ms} ms (${stage})`
  const { entry, side } = moment
  return `${victims} ${side}: ${'number' in entry ? `entry ${entry.number}` : `a ${entry.kind}`}`
}
