// After the job: the page where people look at runs and decide on approvals, while the job goes on.

import { startSealing } from 'paybill/audit'
import { createHandler, localSignIn, serveHandler } from 'paybill/run'
import { styleText } from 'node:util'
import { errorLine, PaybillError } from 'paybill/lib'
import type { Job } from './job.ts'
import type { State } from './open-state.ts'
import { clerk, manager } from './people.ts'

const defaultPort = 3000
const sealEveryMs = 1_000

/** Serves until the signal, works on what people decide, and seals the journal every second. */
export async function servePage(
  state: State,
  job: Job,
  options: { readonly port: number | null; readonly signal: AbortSignal; readonly out: (line: string) => void },
): Promise<void> {
  const { signal, out } = options
  const { tenant, database, keys, heads } = state
  const people = [manager, clerk].map((id) => ({ id, tenant }))
  const local = localSignIn({ people })
  const handler = createHandler(job.app, { signIn: local.signIn })
  const served = await serve(handler, options.port)
  out('')
  out(`serving ${styleText('bold', served.url)}  (Ctrl-C stops)`)
  for (const link of local.links(served.url)) out(`  as ${link.id}: ${link.url}`)
  const sealer = startSealing(database, {
    keys,
    heads,
    everyMs: sealEveryMs,
    onLag: (lagMs) =>
      out(`the journal is sealed ${Math.round(lagMs / 1000)} s late: a transaction somewhere on this server is open`),
    onFailure: (error) => out(errorLine(error)),
  })
  await job.app.work({ until: 'stopped', signal })
  await served.close()
  await sealer.stop()
}

// A port that was asked for is that port or an error; the usual one may be somebody else's, and then any other will do.
async function serve(handler: Parameters<typeof serveHandler>[0], port: number | null): ReturnType<typeof serveHandler> {
  try {
    return await serveHandler(handler, { port: port ?? defaultPort })
  } catch (error) {
    if (port === null && error instanceof PaybillError && error.code === 'PORT_TAKEN') return serveHandler(handler, { port: 0 })
    throw error
  }
}
