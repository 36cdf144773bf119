// A PAYBILL_HOME for a proof: a folder with a PostgreSQL server of its own, the input folders made in it, and the jobs that
// were started on them. Closing it leaves nothing behind, also where the proof is cut off at its deadline or by Ctrl-C.

import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type EmbeddedDatabase, startEmbeddedDatabase } from 'paybill/embedded'
import { stateName } from '../../examples/bill-pay/src/app/state-name.ts'

const endLimitMs = 10_000

export class ScratchHome implements Disposable {
  /** What PAYBILL_HOME is set to. */
  readonly folder: string
  readonly #groups = new Set<number>()
  readonly #onExit = () => this[Symbol.dispose]()
  readonly #dataFolder: string
  readonly #compiled: string
  #server: EmbeddedDatabase | null

  private constructor(folder: string, compiled: string, server: EmbeddedDatabase) {
    this.folder = folder
    this.#compiled = compiled
    this.#server = server
    this.#dataFolder = server.dataFolder
    process.on('exit', this.#onExit)
  }

  /** A home beside another one shares what Node keeps of compiled programs: a proof starts the same one hundreds of times. */
  static async open(beside?: ScratchHome): Promise<ScratchHome> {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'paybill-proof-')))
    chmodSync(folder, 0o755) // the server's account may be another one
    return new ScratchHome(
      folder,
      beside === undefined ? join(folder, 'compiled') : beside.#compiled,
      await startEmbeddedDatabase({ folder }),
    )
  }

  /** The server on this home, started where it does not run. */
  async server(): Promise<EmbeddedDatabase> {
    this.#server ??= await startEmbeddedDatabase({ folder: this.folder })
    return this.#server
  }

  /** Leaves the server to the jobs, which otherwise find it in use and do not stop it. */
  async leaveServer(): Promise<void> {
    await this.#server?.stop()
    this.#server = null
  }

  /** Ends the server as kill -9 does. Whoever needs it next starts it again. */
  killServer(): void {
    this.#endServer('SIGKILL')
    this.#server = null
  }

  /** For programs that work on this home: with its own server and the fake model, whatever this process was started with. */
  get environment(): Readonly<Record<string, string>> {
    const ours = { PAYBILL_DATABASE_URL: '', PAYBILL_MODEL_URL: '', NODE_ENV: '' }
    return { ...ours, PAYBILL_HOME: this.folder, NODE_COMPILE_CACHE: this.#compiled }
  }

  /** Makes an input folder. Files can be added later by the same call. */
  inputFolder(name: string, files: Iterable<readonly [name: string, bytes: Uint8Array]>): string {
    const folder = join(this.folder, 'input', name)
    mkdirSync(folder, { recursive: true })
    for (const [file, bytes] of files) writeFileSync(join(folder, file), bytes)
    return folder
  }

  /** Where the bank of an input folder's job keeps its ledger. */
  async ledgerFile(input: string): Promise<string> {
    return join(this.folder, 'bill-pay', await stateName(input), 'bank.jsonl')
  }

  /** Names a process group that must not outlive this home. */
  ownGroup(leader: number): void {
    this.#groups.add(leader)
  }

  /** Synchronous, because a process that exits waits for nothing. */
  [Symbol.dispose](): void {
    process.off('exit', this.#onExit)
    for (const leader of this.#groups) endGroup(leader)
    // Unlike SIGKILL it lets the server give its shared memory back.
    this.#endServer('SIGQUIT')
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
    // Where the server's account cannot reach this folder, its data lies in one of its own.
    rmSync(dirname(dirname(this.#dataFolder)), { recursive: true, force: true, maxRetries: 5 })
  }

  #endServer(signal: 'SIGKILL' | 'SIGQUIT'): void {
    const pid = serverPid(this.#dataFolder)
    if (pid === null || !tryKill(pid, signal)) return
    const giveUpAt = performance.now() + endLimitMs
    while (tryKill(pid, 0) && performance.now() < giveUpAt) waitMs(10)
  }
}

/** Ends a process and all that it started, except a server, which leads a group of its own. */
export function endGroup(leader: number): void {
  tryKill(-leader, 'SIGKILL')
}

// The first line of what PostgreSQL writes about itself; null where it has ended and taken the file with it.
function serverPid(dataFolder: string): number | null {
  try {
    const pid = Number(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0])
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null
  } catch {
    return null
  }
}

/** Whether there was such a process. */
function tryKill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal)
    return true
  } catch {
    return false
  }
}

function waitMs(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
