// npm start: the whole story on one input folder. Sets up, does the job with visible progress, prints what was decided and
// why, and then serves the page where people decide on approvals.
//   --input DIR   the input folder (default: the one of this example)
//   --once        end after the job: 0 when everything holds, 1 when a check failed
//   --json        one JSON object as the last line
//   --port N      where the page is served (default 3000; the next free one where it is not given and taken)

import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, styleText } from 'node:util'
import { errorLine, PaybillError } from 'paybill/lib'
import { auditJob } from './app/audit.ts'
import { openJob } from './app/job.ts'
import { openState } from './app/open-state.ts'
import { progressLine } from './app/progress.ts'
import { report } from './app/report.ts'
import { printReport } from './app/tables.ts'
import { readInputFolder } from './invoice/input-folder.ts'
import { makeHugeFile } from './make-invoices/huge-file.ts'

const ownInput = join(dirname(dirname(fileURLToPath(import.meta.url))), 'input')

type Flags = { readonly input: string; readonly once: boolean; readonly json: boolean; readonly port: number | null }

async function main(flags: Flags): Promise<number> {
  const started = performance.now()
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())
  // What people read goes to the error output where the last line of the other one is for a program.
  const out = (line: string): void => void (flags.json ? process.stderr : process.stdout).write(`${line}\n`)

  if (flags.input === ownInput) await makeHugeFile(ownInput)
  const content = await readInputFolder(flags.input)
  const state = await openState(flags.input, out)
  try {
    const line = progressLine(flags.json ? process.stderr : process.stdout)
    const job = openJob(state, { folder: flags.input, content }, (progress) =>
      line.show(`  ${progress.received} files received, ${progress.concluded} invoices settled`),
    )
    const taken = await job.takeIn()
    out(taken === 0 ? 'no new files; going on where the last start ended' : `${taken} new files in ${flags.input}`)
    const worked = await job.app.work({ until: 'idle', signal: stop.signal })
    line.end()
    if (stop.signal.aborted) return 130

    const audit = await auditJob(state)
    const done = await report(state, job.app, job.as)
    printReport(done, audit, out)
    const reported = new Set([...done.invoices, ...done.unsettled].map(({ file }) => file))
    const failures = [
      ...worked.stalled.map((run) => `run \`${run.runId}\` did not end: ${run.why}`),
      ...done.unsettled.map(({ file, why }) => `\`${file}\` was not settled${why === null ? '' : `: ${why}`}`),
      ...content.invoiceFiles.filter((file) => !reported.has(file)).map((file) => `\`${file}\` was not taken in`),
      ...(audit.verified
        ? []
        : ['JOURNAL_BROKEN: the journal does not verify; keep the database as it is and read the findings']),
      ...(audit.tamperControls.found === audit.tamperControls.seeded
        ? []
        : ['JOURNAL_BROKEN: the verifier missed a planted change']),
    ]
    out('')
    for (const failure of failures) out(styleText('red', failure))
    out(`done in ${((performance.now() - started) / 1000).toFixed(1)} s`)
    if (!flags.once) {
      const { servePage } = await import('./app/serve.ts')
      await servePage(state, job, { port: flags.port, signal: stop.signal, out })
    }
    const { unsettled: _unsettled, ...shown } = done
    if (flags.json) process.stdout.write(`${JSON.stringify({ ...shown, audit, failures })}\n`)
    return failures.length === 0 ? 0 : 1
  } finally {
    await state.close()
  }
}

function readFlags(): Flags {
  const options = {
    input: { type: 'string' },
    once: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    port: { type: 'string' },
  } as const
  try {
    const { values } = parseArgs({ options })
    const port = values.port === undefined ? null : Number(values.port)
    if (port !== null && (!Number.isInteger(port) || port < 0 || port > 65_535))
      throw new PaybillError('ARGUMENT_INVALID', `\`--port ${values.port}\` is not a port from 0 to 65535`)
    const input = resolve(values.input ?? ownInput)
    if (!existsSync(input)) throw new PaybillError('ARGUMENT_INVALID', `\`--input ${input}\` does not exist`)
    return { input, once: values.once, json: values.json, port }
  } catch (cause) {
    if (cause instanceof PaybillError) throw cause
    throw new PaybillError('ARGUMENT_INVALID', cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

try {
  process.exitCode = await main(readFlags())
} catch (error) {
  process.stderr.write(`${errorLine(error)}\n`)
  process.exitCode = 1
}
