// The lists of an application where they are longer than a page.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { App } from '../../src/run/app.ts'
import { deskWorkflow, type DeskDatabase, newTenant, openApp, openDeskDatabase } from './desk-database.ts'
import { endedRuns, waitingApprovals } from './outside.ts'

let desk: DeskDatabase
let tenant: string
let app: App

beforeAll(async () => {
  desk = await openDeskDatabase()
  tenant = await newTenant(desk.database)
  app = openApp(desk.database, [deskWorkflow((start) => start.step('wait', { grant: {}, run: async () => null }))])
  await desk.sql(endedRuns(tenant, 1_250))
  const [run] = await desk.sql('select id from paybill.run where tenant = $1', [tenant])
  await desk.sql(waitingApprovals(tenant, String(run?.['id']), 2_350))
})

afterAll(() => desk.close())

const ann = () => ({ id: 'ann', tenant })
const bo = () => ({ id: 'bo', tenant })
const coded = (code: string): unknown => expect.objectContaining({ code })

/** The pages of a list, each begun after the last row of the one before. */
async function pagesOf<Row extends { readonly id: string; readonly createdAt: Date }>(
  list: (page: { readonly after?: string }) => Promise<readonly Row[]>,
): Promise<readonly (readonly Row[])[]> {
  const pages: (readonly Row[])[] = []
  for (let page = await list({}); page.length > 0; page = await list({ after: page.at(-1)?.id ?? '' })) pages.push(page)
  return pages
}

function times(rows: readonly { readonly createdAt: Date }[]): readonly number[] {
  return rows.map(({ createdAt }) => createdAt.getTime())
}

test('page after page every run is given once, newest first, also where many were started at one moment', async () => {
  const pages = await pagesOf((page) => app.runs.list(ann(), page))
  expect(pages.map((page) => page.length)).toEqual([200, 200, 200, 200, 200, 200, 50])
  const runs = pages.flat()
  expect(new Set(runs.map(({ id }) => id)).size).toBe(1_250)
  expect(times(runs)).toEqual(times(runs).toSorted((left, right) => right - left))
  const whole = await pagesOf((page) => app.runs.list(ann(), { ...page, limit: 1000 }))
  expect(whole.flat()).toEqual(runs)
})

test('a list of runs in some states holds those alone, as many to a page as were asked for', async () => {
  const pages = await pagesOf((page) => app.runs.list(ann(), { ...page, states: ['failed', 'parked'], limit: 300 }))
  expect(pages.map((page) => page.length)).toEqual([300, 300, 234])
  expect(new Set(pages.flat().map(({ state }) => state))).toEqual(new Set(['failed', 'parked']))
  expect(await app.runs.list(ann(), { states: ['alive'] })).toEqual([])
})

test('page after page every approval is given once, oldest first, also where one was decided meanwhile', async () => {
  const waiting = { ...bo(), limit: 1000 }
  const [first = []] = await pagesOf((page) => app.approvals.list(waiting, page))
  expect(first).toHaveLength(1000)
  const last = first.at(-1)?.id ?? ''
  await app.approvals.refuse(bo(), last)
  const pages = await pagesOf(({ after = last }) => app.approvals.list(bo(), { after }))
  expect(pages.map((page) => page.length)).toEqual([1000, 350])
  const approvals = [...first, ...pages.flat()]
  expect(new Set(approvals.map(({ id }) => id)).size).toBe(2_350)
  expect(times(approvals)).toEqual(times(approvals).toSorted((left, right) => left - right))
  expect(await app.approvals.list(bo(), { states: ['refused'], limit: 1 })).toMatchObject([{ id: last }])
})

test.each([0, -1, 1.5, 1001, Number.NaN, Number.POSITIVE_INFINITY])('a page of %d rows is refused', async (limit) => {
  await expect(app.runs.list(ann(), { limit })).rejects.toEqual(coded('ARGUMENT_INVALID'))
  await expect(app.approvals.list(bo(), { limit })).rejects.toEqual(coded('ARGUMENT_INVALID'))
})

test('a page begins after a row of the own tenant, and a row of another cannot be told from one that is not there', async () => {
  const [run] = await app.runs.list(ann(), { limit: 1 })
  const [approval] = await app.approvals.list(bo(), { limit: 1 })
  const message = (error: unknown) => (error as Error).message.replaceAll(/`[^`]{30,}`/g, '`id`')
  const runsAfter = (after: string) => app.runs.list({ id: 'ann', tenant: 'another' }, { after })
  const approvalsAfter = (after: string) => app.approvals.list({ id: 'bo', tenant: 'another' }, { after })
  for (const [list, id] of [
    [runsAfter, run?.id ?? ''],
    [approvalsAfter, approval?.id ?? ''],
  ] as const) {
    await expect(list(id)).rejects.toEqual(coded('ARGUMENT_INVALID'))
    await expect(list('no-id')).rejects.toEqual(coded('ARGUMENT_INVALID'))
    expect(await list(id).catch(message)).toBe(await list(randomUUID()).catch(message))
  }
})
