// The job of one input folder: bring the register in, take new files in, settle every invoice, seal and verify the
// journal. Starting it again goes on where it ended; nothing is done twice.

import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import type { Entry } from 'paybill/journal'
import { PaybillError } from 'paybill/lib'
import { type App, createApp, type RunRow, type SignedIn } from 'paybill/run'
import { z } from 'zod'
import { bankClient } from '../bank-client.ts'
import type { InputFolder } from '../invoice/input-folder.ts'
import { allPages } from './all-pages.ts'
import { everyRow } from './every-row.ts'
import { agent, clerk, known, personOf, registerKeeper } from './people.ts'
import { readerModel } from './model.ts'
import type { State } from './open-state.ts'
import { registerSync } from './register.ts'
import { transferAction } from './transfer.ts'
import { billPayWorkflow } from './workflow.ts'

export type Job = {
  readonly app: App
  readonly as: SignedIn
  /** Takes in what is new. Answers how many files that were. */
  takeIn(): Promise<number>
}

/** Told of progress: how many of the files were received, and how many invoices concluded. */
export type Progress = { received: number; concluded: number }

/** What a job needs of its folder's state. */
export type JobGround = Pick<State, 'tenant' | 'database' | 'model'> & {
  readonly bank: Pick<State['bank'], 'url'>
  readonly keys: { readonly payloadKey: (tenant: string) => Uint8Array }
}

export function openJob(
  state: JobGround,
  input: { readonly folder: string; readonly content: InputFolder },
  onProgress: (progress: Progress) => void,
): Job {
  const { tenant, database } = state
  const progress: Progress = { received: 0, concluded: 0 }
  const concluded = new Set<string>()
  const { company } = input.content
  const workflow = billPayWorkflow(company, transferAction(company, bankClient(state.bank.url)))
  const app = createApp({
    database,
    workflows: [workflow],
    models: { reader: readerModel(state.model) },
    agents: [agent],
    recipients: { 'network:bank': { roles: ['bank'] }, 'provider:model': { roles: ['model-provider'] } },
    principal: personOf,
    payloadKey: (of) => state.keys.payloadKey(of),
    worker: { leaseMs: 3_000 },
    onEntry: (_run, entry) => {
      if (entry.kind === 'step.done' && entry.path.endsWith('/receive')) progress.received += 1
      const item = entry.kind === 'step.done' && !entry.path.endsWith('/load') ? /\/settle\[\d+\]/.exec(entry.path) : null
      if (item !== null) concluded.add(item[0])
      progress.concluded = concluded.size
      onProgress(progress)
    },
  })
  const as = { id: clerk, tenant }
  return {
    app,
    as,
    takeIn: async () => {
      await registerSync(database, known(await personOf(registerKeeper, tenant), registerKeeper), input.content.vendors)
      const kept = new Set<string>()
      for await (const run of runsIn(app, as, ['alive', 'parked']))
        for (const file of filesOf(await app.runs.history(as, run.id))) kept.add(file)
      const files = await openFiles(state, as, input.content.invoiceFiles, kept)
      if (files.length === 0) return 0
      const [ended] = await app.runs.list(as, { states: ['finished', 'failed', 'parked'], limit: 1 })
      // The key names the very set of files, so that a start which was cut off before its run began does not make two; and
      // the newest run that has ended, so that files which a run left undecided are taken in by another one.
      const key = createHash('sha256')
        .update([ended?.id ?? 'none', ...files].join('\n'))
        .digest('hex')
      const { runId, isNew } = await app.start(workflow, { folder: resolve(input.folder), files }, { as, key, agent: agent.id })
      if (!isNew && !(await isAlive(app, as, runId)))
        throw new PaybillError('RUN_NOT_ALIVE', `run \`${runId}\` took in the same files and has ended: nobody would settle them`)
      return files.length
    },
  }
}

function runsIn(app: App, as: SignedIn, states: readonly RunRow['state'][]): AsyncIterable<RunRow> {
  return allPages((page) => app.runs.list(as, { ...page, states }))
}

async function isAlive(app: App, as: SignedIn, runId: string): Promise<boolean> {
  for await (const run of runsIn(app, as, ['alive'])) if (run.id === runId) return true
  return false
}

// Files that no run has taken in yet, and those that a run left undecided when it failed. INVARIANT: a file of a run that is
// alive or parked is that run's alone, also before it has read the file: two runs that settle one invoice pay it under two
// keys, and a parked run may have asked for a payment of which nobody knows how it ended.
async function openFiles(state: JobGround, as: SignedIn, names: readonly string[], kept: ReadonlySet<string>): Promise<string[]> {
  const person = known(await personOf(as.id, as.tenant), as.id)
  const session = state.database.session({ principal: person, purpose: 'new files' })
  const rows = await everyRow(session.invoice, { key: 'file', select: ['file', 'decision'] })
  const settled = new Set(rows.filter((row) => row.decision !== 'open').map((row) => row.file))
  return names.filter((name) => !settled.has(name) && !kept.has(name))
}

const started = z.object({ input: z.object({ files: z.array(z.string()) }) })

/** The files that a run was started with. */
export function filesOf([first]: readonly Entry[]): readonly string[] {
  return started.parse(first?.payload).input.files
}
