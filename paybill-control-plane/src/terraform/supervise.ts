// Runs one Terraform command under a supervisor process, and makes sure that nothing of it is left, also where the
// supervisor itself was killed.

import { spawn, type ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { type EndingTerms, endGroup, groupMembers } from './process-group.ts'

/** What a supervisor is told, by its input: none of it is seen in a list of processes. */
export type SupervisorOrder = {
  readonly binary: string
  readonly arguments: readonly string[]
  /** Named in the arguments too, which is how what is left of a run is known. */
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  /** Holds the number of Terraform's process group while there is one. */
  readonly groupFile: string
  /** Removed where nobody else is left to do it. */
  readonly secretFiles: readonly string[]
  readonly lease: { readonly url: string; readonly user: string; readonly token: string; readonly termMs: number }
  readonly ending: EndingTerms
}

/** What a supervisor says, one line of JSON each. */
export type SupervisorReport =
  | { readonly kind: 'line'; readonly from: 'out' | 'error'; readonly line: string }
  | {
      readonly kind: 'ended'
      readonly because: 'itself' | 'stopped' | 'lease-lost' | 'parent-gone'
      readonly code: number | null
      readonly signal: string | null
      /** Whether nothing of the process group is left. */
      readonly isGone: boolean
    }

export type CommandEnd = {
  readonly because: 'itself' | 'timed-out' | 'stopped' | 'lease-lost' | 'supervisor-gone'
  readonly code: number | null
  readonly signal: string | null
  readonly isGone: boolean
  readonly out: readonly string[]
  readonly lastLines: readonly string[]
}

const supervisorFile = join(import.meta.dirname, `supervisor-process${extname(import.meta.filename)}`)
const keptLines = 12
const patienceMs = 10_000

/** Runs one command to its end. `onLine` is given its output as it comes. */
export async function superviseTerraform(
  order: SupervisorOrder,
  watch: { readonly timeoutMs: number; readonly onLine: (line: string) => void },
): Promise<CommandEnd> {
  // The folder is for whoever looks at a list of processes; the order comes through the pipe, where nobody sees it.
  // Detached: what ends the group of this process, such as Ctrl-C, must leave the supervisor alive to do its work.
  const child = spawn(process.execPath, [supervisorFile, order.folder], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {},
    detached: true,
  })
  child.stdin.on('error', () => undefined) // It died; its end is noticed below.
  child.stdin.write(`${JSON.stringify(order)}\n`)
  const out: string[] = []
  const lastLines: string[] = []
  const ends: Extract<SupervisorReport, { kind: 'ended' }>[] = []
  createInterface({ input: child.stdout }).on('line', (text) => {
    const said = JSON.parse(text) as SupervisorReport // written by our own program, one whole line at a time
    if (said.kind === 'ended') {
      ends.push(said)
      return
    }
    if (said.from === 'out') out.push(said.line)
    lastLines.push(said.line)
    if (lastLines.length > keptLines) lastLines.shift()
    watch.onLine(said.line)
  })
  const isTimedOut = await closeWithin(child, { timeoutMs: watch.timeoutMs, ending: order.ending })
  const [end] = ends
  if (end === undefined) {
    const isGone = await endLeftGroup(order)
    return { because: isTimedOut ? 'timed-out' : 'supervisor-gone', code: null, signal: null, isGone, out, lastLines }
  }
  const { code, signal, isGone } = end
  const because = isTimedOut && end.because === 'stopped' ? 'timed-out' : end.because === 'parent-gone' ? 'stopped' : end.because
  return { because, code, signal, isGone, out, lastLines }
}

/** Ends what is left of a process group that is on record, where the record is of this folder's own. Answers whether it is gone. */
export async function endLeftGroup(of: {
  readonly folder: string
  readonly groupFile: string
  readonly ending: EndingTerms
}): Promise<boolean> {
  const text = await readFile(of.groupFile, 'utf8').catch(() => '')
  const group = Number(text)
  if (!/^\d+$/.test(text) || group < 2) return true
  // A number is given to another process only when no group has it any more: a leader of another command is another group.
  const members = await groupMembers(group)
  const leader = members.find(({ id }) => id === group)
  if (members.length === 0 || (leader !== undefined && !leader.command.includes(of.folder))) return true
  return endGroup(group, of.ending)
}

/** Waits for the supervisor's end; where the command takes too long, tells it to stop, and where it does not, ends it. */
async function closeWithin(
  child: ChildProcess,
  { timeoutMs, ending }: { readonly timeoutMs: number; readonly ending: EndingTerms },
): Promise<boolean> {
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  })
  let isTimedOut = false
  let impatience: NodeJS.Timeout | undefined
  const timer = setTimeout(() => {
    isTimedOut = true
    child.stdin?.write('stop\n')
    impatience = setTimeout(() => child.kill('SIGKILL'), ending.interruptMs + ending.terminateMs + patienceMs)
  }, timeoutMs)
  await closed
  clearTimeout(timer)
  clearTimeout(impatience)
  return isTimedOut
}
