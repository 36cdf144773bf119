// Starts a program of this example as a process of its own and stops it again. The program prints one line of JSON,
// `{"listening":"http://127.0.0.1:PORT"}`, once it can be called. Not a supervisor: nothing is started a second time.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { assert, errorLine, PaybillError } from 'paybill/lib'

const startTimeoutMs = 15_000
const stopTimeoutMs = 5_000
const keptErrorLines = 5

/** A process that answers at `url` until `stop` has been awaited. */
export type StartedProcess = {
  readonly url: string
  readonly processId: number
  /** Asks the process to end, and ends it after five seconds if it has not. May be called again. */
  stop(): Promise<void>
}

/**
 * Starts a TypeScript file with this Node and waits until it has printed its address. Throws PROCESS_START_FAILED, with
 * the last lines that the process wrote to its error output, where it ends or says nothing for 15 seconds.
 *
 * @example const bank = await startProcess(bankFile, ['--file', 'ledger.jsonl', '--port', '0'])
 */
export async function startProcess(file: string, programArguments: readonly string[]): Promise<StartedProcess> {
  // The fourth pipe carries no messages. It closes when this process dies, even by kill -9, and tells the child to end.
  const child = spawn(process.execPath, [file, ...programArguments], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  const { stdout, stderr } = child
  assert(stdout !== null && stderr !== null, 'both are pipes, as asked for above')
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const errorLines: string[] = []
  createInterface({ input: stderr }).on('line', (line) => {
    errorLines.push(line.slice(0, 300))
    if (errorLines.length > keptErrorLines) errorLines.shift()
  })
  try {
    const url = await firstAddress(child, stdout, file)
    stdout.resume() // What else it prints is not read, and must not fill the pipe.
    return { url, processId: child.pid ?? 0, stop: () => stopChild(child, ended) }
  } catch (cause) {
    await stopChild(child, ended)
    const said = errorLines.length === 0 ? 'it wrote no error' : `it wrote: ${errorLines.join(' | ')}`
    const happened = cause instanceof Error ? cause.message : String(cause)
    throw new PaybillError('PROCESS_START_FAILED', `\`${file}\` ${happened}; ${said}`, { cause })
  }
}

async function firstAddress(child: ChildProcess, stdout: Readable, file: string): Promise<string> {
  const deadline = AbortSignal.timeout(startTimeoutMs)
  const lines = createInterface({ input: stdout })
  const started = once(lines, 'line', { signal: deadline }).then(([line]) => addressIn(String(line), file))
  // 'close' and not 'exit': by then the error output has been read to its end.
  const died = once(child, 'close', { signal: deadline }).then(([code, signal]) => {
    throw new Error(`ended with ${signal === null ? `code ${String(code)}` : String(signal)} before it printed its address`)
  })
  try {
    return await Promise.race([started, died])
  } catch (cause) {
    if (deadline.aborted) throw new Error(`printed no address within ${startTimeoutMs} ms`, { cause })
    throw cause
  } finally {
    // The loser of the race fails later, at the deadline or at the child's end, when nobody waits for it any more.
    started.catch(() => undefined)
    died.catch(() => undefined)
    lines.close()
  }
}

function addressIn(line: string, file: string): string {
  const match = /^\{"listening":"(http:\/\/127\.0\.0\.1:\d{1,5})"\}$/.exec(line)
  if (match?.[1] === undefined) throw new Error(`printed \`${line.slice(0, 100)}\` where \`${file}\` should print its address`)
  return match[1]
}

async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM')
    const impatience = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
    await ended
    clearTimeout(impatience)
  }
}

/**
 * The other half, for the program that is started: prints the address, and calls `stop` at SIGTERM, at Ctrl-C and when
 * the process that started this one is gone.
 */
export function announceProcess(port: number, stop: () => Promise<void>): void {
  const end = (): void => {
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${errorLine(error)}\n`)
        process.exit(1)
      },
    )
  }
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
  process.once('disconnect', end)
  process.stdout.write(`${JSON.stringify({ listening: `http://127.0.0.1:${port}` })}\n`)
}
