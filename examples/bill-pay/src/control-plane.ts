// npm run control-plane: Bill Pay sold as a service, on this machine. Serves the API, works on what it asks for, and prints an
// address and a key for `npm run paybillctl`.
//   --port N   where the API is served (default 4100)
//   --verify   serves nothing: tries what the active tenants could learn of each other, prints it as one line of JSON at the
//              end, and ends with 1 where something leaked or a planted weakness was not found

import { dirname, join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { errorLine, PaybillError } from 'paybill/lib'
import { listenApi } from 'paybill-control-plane/http'
import { openControlPlane } from './saas/open-control-plane.ts'

const repository = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))
const stateFolder = resolve(process.env['PAYBILL_HOME'] ?? join(repository, '.paybill'), 'control-plane')
const lookEveryMs = 500

async function main(port: number): Promise<void> {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())
  const out = (line: string): void => void process.stdout.write(`${line}\n`)
  const { plane, api, operatorKey, ...opened } = await openControlPlane(stateFolder, out)
  try {
    const url = await listenApi(api, { port })
    out(`the control plane is served at ${url}`)
    out(`  export PAYBILLCTL_URL=${url} PAYBILLCTL_KEY=${await operatorKey()}`)
    out(`  npm run paybillctl -- plans`)
    while (!stop.signal.aborted) {
      await plane.settle(stop.signal).catch((error: unknown) => out(errorLine(error)))
      await pause(lookEveryMs, undefined, { signal: stop.signal }).catch(() => {})
    }
  } finally {
    await opened.close()
  }
}

async function verify(): Promise<void> {
  const out = (line: string): void => void process.stdout.write(`${line}\n`)
  const { verifyIsolation, ...opened } = await openControlPlane(stateFolder, out)
  try {
    const report = await verifyIsolation()
    if (report.pairs === 0) out('fewer than two tenants are active: nothing was verified')
    out(JSON.stringify(report))
    if (report.pairs === 0 || report.leaks.length > 0 || report.controls.found < report.controls.seeded) process.exitCode = 1
  } finally {
    await opened.close()
  }
}

try {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '4100' }, verify: { type: 'boolean', default: false } },
  })
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new PaybillError('ARGUMENT_INVALID', `\`--port ${values.port}\` is not a port from 0 to 65535`)
  await (values.verify ? verify() : main(port))
} catch (error) {
  process.stderr.write(`${errorLine(error)}\n`)
  process.exitCode = 1
}
