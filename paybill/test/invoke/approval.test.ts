import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  approvalAsk,
  approvalDecide,
  approvalExpire,
  approvalFetch,
  approvalHashes,
  approvalOutcome,
  approvalUse,
} from '../../src/invoke/approval-store.ts'
import type { ClaimedRun } from '../../src/journal/run-store.ts'
import { type DeskDatabase, newTenant, openDeskDatabase } from '../run/desk-database.ts'
import { startClaimed } from './door.ts'

let desk: DeskDatabase
let tenant: string
let run: ClaimedRun

beforeAll(async () => {
  desk = await openDeskDatabase()
})

beforeEach(async () => {
  tenant = await newTenant(desk.database)
  run = await startClaimed(desk.client, { tenant, startedBy: 'ann', agent: null })
})

afterAll(() => desk.close())

const path = 'desk/1/send'
const hashes = approvalHashes({ amount: 140 }, {})
const reasons = [{ argument: 'amount', limit: 'call' }]

function ask(): Promise<string> {
  return approvalAsk(desk.client, {
    tenant,
    runId: run.runId,
    path,
    right: 'approve:cash.pay',
    subject: 'cash.pay',
    version: 1,
    shown: [],
    reasons,
    requestedBy: 'ann',
    hashes,
    expiresMs: 60_000,
  })
}

const decide = (id: string, state: 'approved' | 'refused' = 'approved') =>
  approvalDecide(desk.client, { tenant, id, state, by: 'bo' })
const use = (id: string, change: object = {}) =>
  approvalUse(desk.client, { id, runId: run.runId, path, version: 1, hashes, ...change })
const notOpen = expect.objectContaining({ code: 'APPROVAL_NOT_OPEN' })
const expired = expect.objectContaining({ code: 'APPROVAL_EXPIRED' })
const changed = expect.objectContaining({ code: 'APPROVAL_CHANGED' })

function failures(results: readonly PromiseSettledResult<unknown>[]): readonly unknown[] {
  return results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
}

test('of 50 people who decide at once exactly one does', async () => {
  const id = await ask()
  const results = await Promise.allSettled(
    Array.from({ length: 50 }, (_, index) => decide(id, index % 2 === 0 ? 'approved' : 'refused')),
  )
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(failures(results)).toEqual(Array<unknown>(49).fill(notOpen))
})

test('of 50 who use an approval at once exactly one does', async () => {
  const id = await ask()
  await decide(id)
  const results = await Promise.allSettled(Array.from({ length: 50 }, () => use(id)))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(failures(results)).toEqual(Array<unknown>(49).fill(notOpen))
})

test('an approval is used after it was given, and neither before nor after it was refused', async () => {
  const [waiting, refused, approved] = [await ask(), await ask(), await ask()]
  await decide(refused, 'refused')
  await decide(approved)
  await expect(use(waiting)).rejects.toEqual(notOpen)
  await expect(use(refused)).rejects.toEqual(notOpen)
  await expect(use(approved)).resolves.toEqual(reasons)
})

test('an approval is used for its own run and place, and for no other', async () => {
  const id = await ask()
  await decide(id)
  const other = await startClaimed(desk.client, { tenant, startedBy: 'ann', agent: null })
  await expect(use(id, { runId: other.runId })).rejects.toEqual(notOpen)
  await expect(use(id, { path: 'desk/1/other' })).rejects.toEqual(notOpen)
  await expect(use(id)).resolves.toEqual(reasons)
})

test.each([
  ['another version of the action', { version: 2 }],
  ['other values', { hashes: approvalHashes({ amount: 141 }, {}) }],
  ['other labels', { hashes: approvalHashes({ amount: 140 }, { amount: { origins: [], writers: ['ext:x'], influence: {} } }) }],
])('an approval does not cover %s', async (_what, change) => {
  const id = await ask()
  await decide(id)
  // What did not fit is given up with its transaction, as the door does.
  await expect(
    desk.client.transaction((tx) => approvalUse(tx, { id, runId: run.runId, path, version: 1, hashes, ...change })),
  ).rejects.toEqual(changed)
  await expect(use(id)).resolves.toEqual(reasons)
})

test('an approval that has run out can be neither decided nor used, and its use says that it ran out', async () => {
  const [late, inTime] = [await ask(), await ask()]
  await decide(inTime)
  await desk.sql(`update paybill.approval set expires_at = now() - interval '1 ms' where run_id = $1`, [run.runId])
  await expect(decide(late)).rejects.toEqual(notOpen)
  await expect(use(inTime)).rejects.toEqual(expired)
  await expect(use(late)).rejects.toEqual(expired)
  expect((await approvalFetch(desk.client, tenant, late))?.state).toBe('expired')
  expect((await approvalOutcome(desk.client, run.runId, path))?.state).toBe('expired')
})

test('a run whose question has run out is woken, once', async () => {
  await ask()
  await desk.sql(`update paybill.run set ready = false where id = $1`, [run.runId])
  await desk.sql(`update paybill.approval set expires_at = now() - interval '1 ms' where run_id = $1`, [run.runId])
  await approvalExpire(desk.client)
  await approvalExpire(desk.client)
  expect(await desk.sql('select ready, inbox from paybill.run where id = $1', [run.runId])).toEqual([{ ready: true, inbox: 1 }])
})

test('another tenant can neither see nor decide an approval, and is told the same as for none at all', async () => {
  const id = await ask()
  expect(await approvalFetch(desk.client, 'another', id)).toEqual(await approvalFetch(desk.client, 'another', 'no-such-approval'))
  await expect(approvalDecide(desk.client, { tenant: 'another', id, state: 'approved', by: 'bo' })).rejects.toEqual(notOpen)
})
