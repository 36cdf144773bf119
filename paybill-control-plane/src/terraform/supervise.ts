// The near half of the supervisor: starts it, hands it one Terraform command after the other, and makes sure that nothing of
// a command is left, also where the supervisor itself was killed.

import { spawn, type ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { type EndingTerms, endGroup, groupMembers } from './process-group.ts'

/** What holds for all commands of a run. */
export type SupervisorOrder = {
  /** Named in the arguments of each command too, which is how what is left of a run is known. */
  readonly folder: string
  /** Holds the number of the command's process group while there is one. */
  readonly groupFile: string
  /** Removed where nobody else is left to do it. */
  readonly secretFiles: readonly string[]
  readonly lease: { readonly url: string; readonly user: string; readonly termMs: number }
  readonly ending: EndingTerms
}

export type SupervisedCommand = {
  readonly binary: string
  readonly arguments: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** Renews the lease while the command runs. */
  readonly token: string
}

/** What a supervisor is told, one line of JSON each, by its input: none of it is seen in a list of processes. */
export type SupervisorMessage =
  | { readonly kind: 'open'; readonly order: SupervisorOrder }
  | { readonly kind: 'run'; readonly command: SupervisedCommand }
  | { readonly kind: 'stop' }
  | { readonly kind: 'close' }

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

export type Supervisor = {
  /** Runs one command to its end. `onLine` is given its output as it comes. */
  run(
    command: SupervisedCommand,
    watch: { readonly timeoutMs: number; readonly onLine: (line: string) => void },
  ): Promise<CommandEnd>
  close(): Promise<void>
}

const supervisorFile = join(import.meta.dirname, `supervisor-process${extname(import.meta.filename)}`)
const keptLines = 12
const patienceMs = 10_000

/** Starts a supervisor. It ends when it is closed, and when this process ends in any way. */
export function openSupervisor(order: SupervisorOrder): Supervisor {
  // The folder is for whoever looks at a list of processes; the rest comes through the pipe, where nobody sees it.
  // Detached: what ends the group of this process, such as Ctrl-C, must leave the supervisor alive to do its work.
  const child = spawn(process.execPath, [supervisorFile, order.folder], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {},
    detached: true,
  })
  const over = new Promise<null>((resolve) => {
    child.once('close', () => resolve(null))
    child.once('error', () => resolve(null))
  })
  child.stdin.on('error', () => undefined) // It died; its end is noticed below.
  tell(child, { kind: 'open', order })
  let onReport: (report: SupervisorReport) => void = () => {}
  // What it writes is written by our own program, one whole line at a time.
  createInterface({ input: child.stdout }).on('line', (text) => onReport(JSON.parse(text) as SupervisorReport))

  return {
    run: async (command, watch) => {
      const out: string[] = []
      const lastLines: string[] = []
      const ended = new Promise<Extract<SupervisorReport, { kind: 'ended' }>>((resolve) => {
        onReport = (report) => {
          if (report.kind === 'ended') {
            resolve(report)
            return
          }
          if (report.from === 'out') out.push(report.line)
          lastLines.push(report.line)
          if (lastLines.length > keptLines) lastLines.shift()
          watch.onLine(report.line)
        }
      })
      tell(child, { kind: 'run', command })
      const impatience = stopAfter(child, { timeoutMs: watch.timeoutMs, ending: order.ending })
      const end = await Promise.race([ended, over])
      const isTimedOut = impatience.giveUp()
      if (end === null) {
        const isGone = await endLeftGroup(order)
        return { because: isTimedOut ? 'timed-out' : 'supervisor-gone', code: null, signal: null, isGone, out, lastLines }
      }
      const { code, signal, isGone } = end
      return { because: becauseOf(end.because, isTimedOut), code, signal, isGone, out, lastLines }
    },
    close: async () => {
      tell(child, { kind: 'close' })
      child.stdin.end()
      await over
    },
  }
}

function tell(child: ChildProcess, message: SupervisorMessage): void {
  child.stdin?.write(`${JSON.stringify(message)}\n`)
}

function becauseOf(reason: Extract<SupervisorReport, { kind: 'ended' }>['because'], isTimedOut: boolean): CommandEnd['because'] {
  if (reason === 'parent-gone' || reason === 'stopped') return isTimedOut ? 'timed-out' : 'stopped'
  return reason
}

/** Stops the command that takes too long, and kills the supervisor that does not stop it. `giveUp` answers whether it was too long. */
function stopAfter(
  child: ChildProcess,
  { timeoutMs, ending }: { readonly timeoutMs: number; readonly ending: EndingTerms },
): { giveUp(): boolean } {
  let isTimedOut = false
  let last: NodeJS.Timeout | undefined
  const first = setTimeout(() => {
    isTimedOut = true
    tell(child, { kind: 'stop' })
    last = setTimeout(() => child.kill('SIGKILL'), ending.interruptMs + ending.terminateMs + patienceMs)
  }, timeoutMs)
  return {
    giveUp: () => {
      clearTimeout(first)
      clearTimeout(last)
      return isTimedOut
    },
  }
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
