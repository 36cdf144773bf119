// The control plane of Bill Pay as people start it: the program in a process of its own, asked over HTTP, killed in the middle.

import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { databaseServer, serverProcesses } from 'paybill/embedded'
import { connectAsAdmin, roleNames } from 'paybill/migrate'
import { loadSigningKey } from 'paybill-control-plane/secret'
import { certificateVerify } from 'paybill-control-plane/tenant-database'
import { findTerraform } from 'paybill-control-plane/terraform'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'

const program = fileURLToPath(new URL('../../src/control-plane.ts', import.meta.url))
let home = ''
let started: Started

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'paybill-control-plane-'))
  await chmod(home, 0o755) // so that the account of the servers may pass, and their data lies inside
  started = await start()
}, 60_000)

afterAll(async () => {
  started.child.kill('SIGINT')
  await once(started.child, 'exit')
  await rm(home, { recursive: true, force: true })
})

type Started = { readonly child: ChildProcess; readonly url: string; readonly key: string }

async function start(): Promise<Started> {
  const env = { ...process.env, PAYBILL_DATABASE_URL: '', PAYBILL_HOME: home, NODE_ENV: 'test' }
  const child = spawn(process.execPath, [program, '--port', '0'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      const [, url, key] = /PAYBILLCTL_URL=(\S+) PAYBILLCTL_KEY=(\S+)/.exec(line) ?? []
      if (url !== undefined && key !== undefined) resolve({ child, url, key })
    })
    lines.on('close', () => reject(new Error('the program ended before it served anything')))
  })
}

const placeForm = z.object({ place: z.object({ database: z.string() }) })
const runsForm = z.object({ runs: z.array(z.object({ kind: z.string(), state: z.string() })) })
const certificateForm = z.object({ certificate: z.string() })
const tenantForm = z.object({ id: z.string(), phase: z.string(), access: z.string() })
const requestsForm = z.object({ requests: z.array(z.object({ id: z.string() })) })

async function ask(method: string, path: string, body?: object): Promise<unknown> {
  const headers = {
    authorization: `Bearer ${started.key}`,
    ...(method === 'GET' ? {} : { 'idempotency-key': randomUUID() }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  }
  const response = await fetch(`${started.url}/v1/${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true)
  return response.status === 204 ? null : response.json()
}

const show = async (id: string) => tenantForm.parse(await ask('GET', `tenants/${id}`))
const becomes = (id: string, phase: string) =>
  expect.poll(async () => (await show(id)).phase, { timeout: 60_000, interval: 200 }).toBe(phase)

async function signUp(plan: string): Promise<string> {
  const { id } = tenantForm.parse(
    await ask('POST', 'sign-ups', {
      customer: { name: 'Fjord Drift AS', email: 'post@fjord.example' },
      name: `fjord-${plan}`,
      region: 'eu',
      product: 'bill-pay',
      plan,
      seats: 1,
    }),
  )
  if (plan !== 'enterprise') return id
  const { requests } = requestsForm.parse(await ask('GET', `tenants/${id}/payment-requests`))
  for (const request of requests) await ask('POST', `payment-requests/${request.id}/paid`)
  return id
}

const isolationForm = z.object({
  pairs: z.int(),
  attempts: z.int(),
  leaks: z.array(z.string()),
  controls: z.object({ seeded: z.int(), found: z.int() }),
})

/** Beside the program that serves. */
async function verifyIsolation(): Promise<z.output<typeof isolationForm> & { readonly exitCode: unknown }> {
  const env = { ...process.env, PAYBILL_DATABASE_URL: '', PAYBILL_HOME: home, NODE_ENV: 'test' }
  const child = spawn(process.execPath, [program, '--verify'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const lines = await Array.fromAsync(createInterface({ input: child.stdout }))
  const report = isolationForm.parse(JSON.parse(lines.at(-1) ?? ''))
  const [exitCode] = await ended
  return { ...report, exitCode }
}

/** Asks the server of the cells, as its own user. */
async function onServer(statement: string): Promise<readonly unknown[]> {
  const { url, stop } = await databaseServer({ folder: join(home, 'control-plane'), environment: {} })
  const server = await connectAsAdmin(url)
  try {
    return await server.query(statement)
  } finally {
    await server.close()
    await stop()
  }
}

const silos = () => serverProcesses().filter(({ dataFolder }) => dataFolder.includes(`${home}/control-plane/silos/`))

test(
  'three companies and their servers live through kills, are verified against each other, and leave nothing when they are deleted',
  { timeout: 180_000 },
  async () => {
    const companies = [await signUp('enterprise'), await signUp('starter'), await signUp('business')]
    started.child.kill('SIGKILL')
    await once(started.child, 'exit')
    started = await start()
    for (const id of companies) await becomes(id, 'active')
    expect(silos()).toHaveLength(1)

    const [server] = silos()
    started.child.kill('SIGKILL')
    await once(started.child, 'exit')
    expect(silos()).toEqual([server])
    process.kill(server?.pid ?? 0, 'SIGKILL')
    await expect.poll(silos).toEqual([])
    started = await start()
    expect(silos()).toHaveLength(1)

    const isolation = await verifyIsolation()
    expect(isolation).toMatchObject({ exitCode: 0, pairs: 6, leaks: [] })
    expect(isolation.attempts).toBeGreaterThan(6 * 200)
    expect(isolation.controls.seeded).toBeGreaterThan(0)
    expect(isolation.controls.found).toBe(isolation.controls.seeded)

    expect(
      await onServer(`select datname from pg_database where has_database_privilege('public', oid, 'CONNECT') and datallowconn`),
    ).toEqual([])
    const { place } = placeForm.parse(await ask('GET', `tenants/${companies[2] ?? ''}`))
    const stranger = roleNames('bill_pay_pool_eu_1').application
    await onServer(`grant connect on database ${place.database} to ${stranger}`)
    const opened = await verifyIsolation()
    expect(opened.exitCode).toBe(1)
    expect(opened.leaks).toContainEqual(expect.stringMatching(/\(pooled\) against .* \(bridge\), connection: /))
    await onServer(`revoke connect on database ${place.database} from ${stranger}`)

    const [enterprise = ''] = companies
    await ask('POST', `tenants/${enterprise}/suspensions`, { reason: 'operator' })
    await becomes(enterprise, 'suspended')
    started.child.kill('SIGKILL')
    await once(started.child, 'exit')
    started = await start()
    expect(silos()).toEqual([])
    await ask('DELETE', `tenants/${enterprise}/suspensions/operator`)
    await becomes(enterprise, 'active')
    const runs = async () => runsForm.parse(await ask('GET', `tenants/${enterprise}/runs`)).runs
    const hasTerraform = (await findTerraform(process.env)) !== null
    expect(await runs()).toMatchObject(hasTerraform ? [{ kind: 'apply', state: 'applied' }] : [])

    for (const id of companies) await ask('DELETE', `tenants/${id}`)
    for (const id of companies) await becomes(id, 'deleted')
    expect(silos()).toEqual([])
    expect((await runs()).map(({ kind, state }) => `${kind} ${state}`)).toEqual(
      hasTerraform ? ['apply applied', 'destroy applied'] : [],
    )
    expect(await verifyIsolation()).toMatchObject({ exitCode: 1, pairs: 0 })
    const { keyId, publicKey } = await loadSigningKey(join(home, 'control-plane', 'signing-key'))
    for (const id of companies) {
      const { certificate } = certificateForm.parse(await ask('GET', `tenants/${id}/certificate`))
      expect(certificateVerify(certificate, new Map([[keyId, publicKey]]))).toMatchObject({ tenant: id })
    }
  },
)
