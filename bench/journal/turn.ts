// One turn of one system: a process of its own, so that neither memory nor timers of the others lie in the way.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Speed } from './measure.ts'
import type { Place } from './place.ts'
import type { SystemName } from './systems.ts'

// A turn takes about 10 seconds; much more where others use the machine at the same time.
const turnLimitMs = 300_000

/** Measures a system. Throws with what it last wrote, where it fails, does not end in time, or is stopped by the signal. */
export async function takeTurn(name: SystemName, place: Place, signal: AbortSignal): Promise<Speed> {
  const child = fork(join(import.meta.dirname, 'turn-process.ts'), [name, place.serverUrl, place.database], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    timeout: turnLimitMs,
    killSignal: 'SIGKILL',
  })
  const kill = (): void => void child.kill('SIGKILL')
  signal.addEventListener('abort', kill, { once: true })
  const written = lastWords(child)
  let speed: Speed | null = null
  // Sent by turn-process.ts, which sends nothing else.
  child.on('message', (message) => (speed = message as Speed))
  const [code, killedBy] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null] // as child_process documents
  signal.removeEventListener('abort', kill)
  signal.throwIfAborted()
  if (killedBy !== null)
    throw new Error(`${name} was ended by ${killedBy}, after ${turnLimitMs / 1000} s at the latest: ${written()}`)
  if (code !== 0 || speed === null) throw new Error(`${name} failed with exit code ${code}: ${written()}`)
  return speed
}

function lastWords(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (more: string) => (text = `${text}${more}`.slice(-2_000)))
  return () => text.trim()
}
