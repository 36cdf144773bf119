// Each check of the state backend by itself: a request that is right in everything but one thing is refused for that thing,
// and changes nothing. The same request with that one thing put right is done.

import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { openDatabase } from 'paybill/database'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stateBackend, stateFetch, stateRollBack, type TerraformStore } from '../../src/terraform/index.ts'
import { newToken } from '../../src/terraform/run-token.ts'
import {
  type Claim,
  lockBeginApply,
  lockClaim,
  lockRelease,
  lockStanding,
  workspaceEnsure,
} from '../../src/terraform/workspace-lock.ts'
import { cuttableLine } from './cuttable-line.ts'
import { openTerraformDatabase, type TerraformDatabase } from './terraform-database.ts'
import { sealWith, storeOf, terraformRules, terraformSchema } from './terraform-schema.ts'

let opened: TerraformDatabase
let store: TerraformStore

beforeAll(async () => {
  opened = await openTerraformDatabase()
  store = storeOf(opened.database, 'acme')
})
afterAll(async () => {
  await opened.close()
})

const long = { termMs: 60_000, killGraceMs: 1_000 }
const over = { termMs: 1, killGraceMs: 0 }
const seal = sealWith(7)
const lineage = 'b1d6a9e0-0000-4000-8000-000000000001'

type Holder = { readonly claim: Claim; readonly token: string }

async function newWorkspace(): Promise<string> {
  const workspace = `w-${randomUUID()}`
  await workspaceEnsure(store, workspace)
  return workspace
}

async function hold(workspace: string, terms = long): Promise<Holder> {
  const { claim } = await store.transaction(async (tables) => lockClaim(tables, { workspace, run: randomUUID(), terms }))
  const { token } = await store.transaction(async (tables) => lockBeginApply(tables, claim))
  return { claim, token }
}

/** Waits until a claim with the terms `over` can be taken. */
async function orphan(workspace: string): Promise<void> {
  await expect
    .poll(async () => {
      const standing = await lockStanding(store, workspace)
      return standing.kind === 'orphaned' && standing.claimableAt < new Date()
    })
    .toBe(true)
}

function state(serial: number, content: { readonly lineage?: string; readonly value?: string } = {}): string {
  const outputs = { value: { value: content.value ?? 'a', type: 'string' } }
  return JSON.stringify({
    version: 4,
    terraform_version: '1.11.4',
    serial,
    lineage: content.lineage ?? lineage,
    outputs,
    resources: [],
  })
}

const lockBody = (ID: string) =>
  JSON.stringify({ ID, Operation: 'OperationTypeApply', Info: '', Who: 'me@here', Version: '1.11.4', Created: '', Path: '' })

type Asked = {
  readonly by: Holder
  readonly workspace?: string
  readonly body?: string
  readonly id?: string
  readonly md5?: string
  readonly path?: string
}

async function ask(method: string, { by, workspace = by.claim.workspace, body, id, md5, path = '' }: Asked): Promise<Response> {
  const url = new URL(`http://backend/terraform/${workspace}${path}`)
  if (id !== undefined) url.searchParams.set('ID', id)
  const headers = new Headers({ authorization: `Basic ${Buffer.from(`${by.claim.run}:${by.token}`).toString('base64')}` })
  if (body !== undefined) headers.set('content-md5', md5 ?? createHash('md5').update(body).digest('base64'))
  const handler = stateBackend({ store, seal: () => seal })
  return handler(new Request(url, { method, headers, ...(body === undefined ? {} : { body }) }))
}

async function serialOf(workspace: string): Promise<number | null> {
  return (await stateFetch(store, { workspace, seal }))?.serial ?? null
}

/** A workspace whose holder has locked it with id `L` and written serial 1. */
async function written(terms = long): Promise<{ readonly workspace: string; readonly by: Holder }> {
  const workspace = await newWorkspace()
  const by = await hold(workspace, terms)
  expect((await ask('LOCK', { by, body: lockBody('L') })).status).toBe(200)
  expect((await ask('POST', { by, id: 'L', body: state(1) })).status).toBe(200)
  return { workspace, by }
}

test('the holder locks, writes, reads what it wrote, and unlocks', async () => {
  const { by } = await written()
  const read = await ask('GET', { by })
  const body = await read.text()
  expect(body).toBe(state(1))
  expect(read.headers.get('content-md5')).toBe(createHash('md5').update(body).digest('base64'))
  expect((await ask('UNLOCK', { by, body: lockBody('L') })).status).toBe(200)
  expect((await ask('POST', { by, id: 'L', body: state(2) })).status).toBe(409)
})

test('a workspace without a state answers 404', async () => {
  const by = await hold(await newWorkspace())
  expect((await ask('GET', { by })).status).toBe(404)
})

test('a wrong token, the token of another run, and the token of another workspace are 401 for every method', async () => {
  const { workspace, by } = await written()
  const other = await hold(await newWorkspace())
  const imposters: readonly Holder[] = [
    { claim: by.claim, token: newToken({ phase: 'apply', fence: by.claim.fence }).token },
    { claim: by.claim, token: by.token.slice(0, -1) },
    { claim: { ...by.claim, run: other.claim.run }, token: by.token },
    { claim: by.claim, token: other.token },
    { claim: { ...other.claim, workspace }, token: other.token },
    { claim: by.claim, token: by.token.replace('apply', 'plan') },
    { claim: by.claim, token: '' },
  ]
  for (const imposter of imposters)
    for (const method of ['GET', 'POST', 'LOCK', 'UNLOCK'])
      expect(
        (
          await ask(method, {
            by: imposter,
            id: 'L',
            ...(method === 'GET' ? {} : { body: method === 'POST' ? state(2) : lockBody('L') }),
          })
        ).status,
      ).toBe(401)
  expect(await serialOf(workspace)).toBe(1)
  expect((await ask('POST', { by, id: 'L', body: state(2) })).status).toBe(200)
})

test('a request without credentials is 401', async () => {
  const { workspace } = await written()
  const handler = stateBackend({ store, seal: () => seal })
  expect((await handler(new Request(`http://backend/${workspace}`))).status).toBe(401)
})

test('a plan reads, and can neither write, lock, unlock, nor use its token once the apply has begun', async () => {
  const { workspace, by } = await written(over)
  await orphan(workspace)
  const { claim, token } = await store.transaction(async (tables) =>
    lockClaim(tables, { workspace, run: randomUUID(), terms: long }),
  )
  const plan: Holder = { claim, token }
  expect((await ask('GET', { by: plan })).status).toBe(200)
  expect((await ask('POST', { by: plan, id: 'L', body: state(2) })).status).toBe(403)
  expect((await ask('LOCK', { by: plan, body: lockBody('P') })).status).toBe(403)
  expect((await ask('UNLOCK', { by: plan, body: lockBody('L') })).status).toBe(403)
  expect(await store.terraformLock.count({ where: { workspace, isLocked: true, fence: by.claim.fence } })).toBe(1)
  await store.transaction(async (tables) => lockBeginApply(tables, claim))
  expect((await ask('GET', { by: plan })).status).toBe(401)
  expect(await serialOf(workspace)).toBe(1)
})

test('who held the workspace before is 409 with the holder of now for every write, and touches nothing', async () => {
  const { workspace, by } = await written(over)
  await orphan(workspace)
  const successor = await hold(workspace)
  expect((await ask('LOCK', { by: successor, body: lockBody('S') })).status).toBe(200)
  for (const [method, body] of [
    ['POST', state(2)],
    ['LOCK', lockBody('L')],
    ['UNLOCK', lockBody('L')],
    ['UNLOCK', lockBody('S')],
  ] as const) {
    const answer = await ask(method, { by, id: 'L', body })
    expect(answer.status).toBe(409)
    expect(await answer.json()).toMatchObject({ ID: 'S', Who: `run ${successor.claim.run}`, Info: 'live' })
  }
  expect((await ask('POST', { by, path: '/lease' })).status).toBe(409)
  expect(await serialOf(workspace)).toBe(1)
  expect((await ask('POST', { by: successor, id: 'S', body: state(2) })).status).toBe(200)
})

test('a claim that was given back writes nothing more', async () => {
  const { workspace, by } = await written()
  await store.transaction(async (tables) => lockRelease(tables, by.claim))
  expect((await ask('POST', { by, id: 'L', body: state(2) })).status).toBe(409)
  expect((await ask('LOCK', { by, body: lockBody('L') })).status).toBe(409)
  expect((await ask('POST', { by, path: '/lease' })).status).toBe(409)
  expect(await serialOf(workspace)).toBe(1)
  expect(await store.terraformLock.count({ where: { workspace, isLocked: true } })).toBe(0)
})

test('a write that waits for a claim to be taken over is refused once it is', async () => {
  const { workspace, by } = await written(over)
  await orphan(workspace)
  const writing = await store.transaction(async (tables) => {
    await lockClaim(tables, { workspace, run: randomUUID(), terms: long })
    const writing = ask('POST', { by, id: 'L', body: state(2) })
    await Promise.race([writing, wait(300)]) // It must not end before this transaction does.
    return { writing }
  })
  expect((await writing.writing).status).toBe(409)
  expect(await serialOf(workspace)).toBe(1)
})

test('a second lock under the same claim is 423 with the first, and the first one again is granted', async () => {
  const { by } = await written()
  const second = await ask('LOCK', { by, body: lockBody('M') })
  expect(second.status).toBe(423)
  expect(await second.json()).toMatchObject({ ID: 'L' })
  expect((await ask('LOCK', { by, body: lockBody('L') })).status).toBe(200)
})

test('a write needs the id of the lock that is held', async () => {
  const { workspace, by } = await written()
  expect((await ask('POST', { by, id: 'M', body: state(2) })).status).toBe(409)
  expect((await ask('POST', { by, body: state(2) })).status).toBe(409)
  expect(await serialOf(workspace)).toBe(1)
  expect((await ask('POST', { by, id: 'L', body: state(2) })).status).toBe(200)
})

test('only the lock itself is unlocked: another id, or none, leaves it', async () => {
  const { by } = await written()
  expect((await ask('UNLOCK', { by, body: lockBody('M') })).status).toBe(409)
  expect((await ask('UNLOCK', { by, body: '{}' })).status).toBe(409)
  expect((await ask('UNLOCK', { by, body: '' })).status).toBe(409)
  expect((await ask('POST', { by, id: 'L', body: state(2) })).status).toBe(200)
})

test('an earlier serial and another lineage are 409', async () => {
  const { workspace, by } = await written()
  expect((await ask('POST', { by, id: 'L', body: state(5) })).status).toBe(200)
  expect((await ask('POST', { by, id: 'L', body: state(4) })).status).toBe(409)
  expect((await ask('POST', { by, id: 'L', body: state(6, { lineage: 'another' }) })).status).toBe(409)
  expect(await serialOf(workspace)).toBe(5)
})

test('the same serial again is done where the content is the same, and 409 where it is another', async () => {
  const { workspace, by } = await written()
  expect((await ask('POST', { by, id: 'L', body: state(1) })).status).toBe(200)
  expect((await ask('POST', { by, id: 'L', body: state(1, { value: 'b' }) })).status).toBe(409)
  expect(await store.terraformStateVersion.count({ where: { workspace } })).toBe(1)
})

test('a body that is not the one of Content-MD5, and one without it, is 400', async () => {
  const { workspace, by } = await written()
  const md5 = createHash('md5').update(state(3)).digest('base64')
  expect((await ask('POST', { by, id: 'L', body: state(2), md5 })).status).toBe(400)
  expect((await ask('POST', { by, id: 'L', body: state(2), md5: '' })).status).toBe(400)
  expect(await serialOf(workspace)).toBe(1)
})

test('what is no state, or longer than a state may be, is not kept', async () => {
  const { by } = await written()
  for (const body of ['', 'null', '[]', '{"version":3,"serial":2,"lineage":"x"}', state(2).replace('"serial":2', '"serial":"2"')])
    expect((await ask('POST', { by, id: 'L', body })).status).toBe(400)
  expect((await ask('POST', { by, id: 'L', body: state(2, { value: 'x'.repeat(8 * 1024 * 1024) }) })).status).toBe(413)
})

test('no other method, and no other place, is answered', async () => {
  const { by } = await written()
  expect((await ask('DELETE', { by })).status).toBe(405)
  expect((await ask('GET', { by, path: '/lease' })).status).toBe(405)
  expect((await ask('GET', { by, path: '/x/..%2f' })).status).toBe(404)
})

test('every version is kept, and none can be read in the database', async () => {
  const { workspace, by } = await written()
  expect((await ask('POST', { by, id: 'L', body: state(2, { value: 'canary-in-state' }) })).status).toBe(200)
  const rows = await store.terraformStateVersion.findMany({ where: { workspace }, orderBy: { serial: 'asc' } })
  expect(rows.map(({ serial, source, run }) => ({ serial, source, run }))).toEqual([
    { serial: 1, source: 'terraform', run: by.claim.run },
    { serial: 2, source: 'terraform', run: by.claim.run },
  ])
  for (const { sealed } of rows) {
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('canary-in-state')
    expect(() => sealWith(8).open(Buffer.from(sealed, 'base64'))).toThrow('authenticate')
  }
})

test('a version that another key sealed, or that was sealed for another row, is STATE_BROKEN', async () => {
  const { workspace } = await written()
  await expect(stateFetch(store, { workspace, seal: sealWith(8) })).rejects.toMatchObject({ code: 'STATE_BROKEN' })
  const { sealed } = (await store.terraformStateVersion.findFirst({ where: { workspace } })) ?? { sealed: '' }
  await store.terraformStateVersion.insert({ workspace, serial: 9, lineage, source: 'terraform', run: null, sealed })
  await expect(stateFetch(store, { workspace, seal })).rejects.toMatchObject({ code: 'STATE_BROKEN' })
})

test('a live lock is told from an orphaned one, which can be claimed only after the time to end its processes', async () => {
  const workspace = await newWorkspace()
  expect(await lockStanding(store, workspace)).toEqual({ kind: 'free' })
  const { claim } = await hold(workspace)
  expect(await lockStanding(store, workspace)).toMatchObject({ kind: 'live', lock: { run: claim.run } })
  await expect(hold(workspace)).rejects.toMatchObject({ code: 'TERRAFORM_LOCKED' })
  await store.transaction(async (tables) => lockRelease(tables, claim))
  const dying = await hold(workspace, { termMs: 1, killGraceMs: 3_600_000 })
  await expect.poll(async () => (await lockStanding(store, workspace)).kind).toBe('orphaned')
  await expect(hold(workspace)).rejects.toMatchObject({
    code: 'TERRAFORM_LOCKED',
    message: expect.stringContaining('may still be ending'),
  })
  expect((await ask('POST', { by: dying, path: '/lease' })).status).toBe(200)
})

test('of many that claim a workspace at once, one holds it', async () => {
  const workspace = await newWorkspace()
  const claims = await Promise.allSettled(Array.from({ length: 8 }, async () => hold(workspace)))
  expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

test('a rollback makes the earlier content the newest, with the next serial and the same lineage', async () => {
  const { workspace, by } = await written()
  expect((await ask('POST', { by, id: 'L', body: state(2, { value: 'b' }) })).status).toBe(200)
  await expect(stateRollBack(store, { workspace, seal, from: 2, to: 1 })).rejects.toMatchObject({ code: 'TERRAFORM_LOCKED' })
  await store.transaction(async (tables) => lockRelease(tables, by.claim))
  await expect(stateRollBack(store, { workspace, seal, from: 1, to: 1 })).rejects.toMatchObject({ code: 'CONFLICT' })
  await expect(stateRollBack(store, { workspace, seal, from: 9, to: 1 })).rejects.toMatchObject({ code: 'CONFLICT' })
  await expect(stateRollBack(store, { workspace, seal, from: 2, to: 7 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await stateRollBack(store, { workspace, seal, from: 2, to: 1 })).toEqual({ serial: 3 })
  const newest = await stateFetch(store, { workspace, seal })
  expect(JSON.parse(Buffer.from(newest?.bytes ?? []).toString())).toEqual(JSON.parse(state(3)))
  expect(await store.terraformStateVersion.count({ where: { workspace } })).toBe(3)
})

test('another organization cannot tell whether a workspace is there', async () => {
  const { workspace, by } = await written()
  const handler = stateBackend({ store: storeOf(opened.database, 'other'), seal: () => seal })
  const as = async (name: string) => {
    const authorization = `Basic ${Buffer.from(`${by.claim.run}:${by.token}`).toString('base64')}`
    const answer = await handler(new Request(`http://backend/${name}`, { headers: { authorization } }))
    return { status: answer.status, text: await answer.text() }
  }
  expect(await as(workspace)).toEqual(await as(await newWorkspace()))
})

test('while the database cannot be reached Terraform is told to come again, and is answered once it can', async () => {
  const { by } = await written()
  const line = await cuttableLine(opened.url)
  const database = await openDatabase({ url: line.url, schema: terraformSchema, rules: terraformRules })
  const handler = stateBackend({ store: storeOf(database, 'acme'), seal: () => seal })
  const authorization = `Basic ${Buffer.from(`${by.claim.run}:${by.token}`).toString('base64')}`
  const read = () => handler(new Request(`http://backend/${by.claim.workspace}`, { headers: { authorization } }))
  const renew = () =>
    handler(new Request(`http://backend/${by.claim.workspace}/lease`, { method: 'POST', headers: { authorization } }))
  expect((await read()).status).toBe(200)
  line.cut()
  expect((await read()).status).toBe(503)
  expect((await renew()).status).toBe(503)
  line.mend()
  await expect.poll(async () => (await read()).status).toBe(200)
  expect((await renew()).status).toBe(200)
  await database.close()
  await line.close()
})
