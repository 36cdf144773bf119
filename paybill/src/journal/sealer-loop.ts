// Seals again and again while an application runs. Not for a program that does one job and ends: it seals once, at its end.

import { setTimeout as pause } from 'node:timers/promises'
import { type InTransaction, type SealKit, sealPass } from './sealer.ts'

export type SealerOptions = SealKit & {
  readonly inTransaction: InTransaction
  readonly everyMs: number
  /** Alarm: what was written ten rounds ago can still not be sealed, because a transaction somewhere in the cluster is still writing. */
  readonly onLag: (lagMs: number) => void
  /** Alarm: a round failed. The next one is tried all the same. */
  readonly onFailure: (error: unknown) => void
}

export type Sealer = {
  /** Seals what there is for the last time, and ends. */
  stop(): Promise<void>
}

const alarmAfterRounds = 10

/** Seals every `everyMs` milliseconds. Any number of processes may do so for one database: their rounds wait for each other. */
export function startSealer(options: SealerOptions): Sealer {
  const stopped = new AbortController()
  const loop = sealUntil(stopped.signal, options)
  return {
    stop: () => {
      stopped.abort()
      return loop
    },
  }
}

async function sealUntil(stopped: AbortSignal, options: SealerOptions): Promise<void> {
  for (;;) {
    const isLast = stopped.aborted
    await sealRound(options)
    if (isLast) return
    await pause(options.everyMs, undefined, { signal: stopped }).catch(ignoreAbort)
  }
}

async function sealRound(options: SealerOptions): Promise<void> {
  try {
    let pass = await sealPass(options.inTransaction, options)
    while (pass.isFull) pass = await sealPass(options.inTransaction, options)
    if (pass.lagMs > options.everyMs * alarmAfterRounds) options.onLag(pass.lagMs)
  } catch (error) {
    options.onFailure(error)
  }
}

function ignoreAbort(): void {}
