// The lists of the handler where they are longer than a page.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Company, openCompany, readApproval, send } from './handler-company.ts'

let company: Company
/** A run with more open approvals than a page holds. */
let crowded: string

beforeAll(async () => {
  company = await openCompany()
  crowded = await company.crowd({ runs: 450, approvals: 1_100 })
})
afterAll(() => company.close())

type Listed = { readonly id: string; readonly runId?: string }
type Answer = {
  readonly runs?: readonly Listed[]
  readonly approvals?: readonly Listed[]
  readonly waitingApprovals?: number
  readonly next: string | null
}

/** All pages of a list of the API, each asked for with the `next` of the one before. */
async function pagesOf(path: string): Promise<readonly Answer[]> {
  const answers: Answer[] = []
  for (let next: string | null = ''; next !== null; next = answers.at(-1)?.next ?? null) {
    const { text } = await send(company, 'bo@busy', next === '' ? path : `${path}${path.includes('?') ? '&' : '?'}after=${next}`)
    answers.push(JSON.parse(text) as Answer)
  }
  return answers
}

/** The pages that a person comes to by following the link with these words, from the first to the one without it. */
async function follow(path: string, words: string): Promise<readonly string[]> {
  const texts: string[] = []
  for (let at: string | undefined = path; at !== undefined;) {
    const { text } = await send(company, 'bo@busy', at)
    texts.push(text)
    const link: string | undefined = new RegExp(`href="([^"]+)">${words}`).exec(text)?.[1]
    at = link?.replaceAll('&amp;', '&')
  }
  return texts
}

function rowsOf(texts: readonly string[], place: string): readonly string[] {
  return texts.flatMap((text) => Array.from(text.matchAll(new RegExp(`href="/${place}/([^"?]+)"`, 'g')), ([, id]) => id ?? ''))
}

test('following `next` gives every run and every approval once, and how many wait is counted to the last', async () => {
  const runs = await pagesOf('/api/runs')
  expect(runs.map((answer) => answer.runs?.length)).toEqual([200, 200, 51])
  expect(new Set(runs.flatMap((answer) => answer.runs?.map(({ id }) => id))).size).toBe(451)
  expect(runs[0]?.waitingApprovals).toBe(1_100)
  const approvals = await pagesOf('/api/approvals?state=waiting,refused')
  expect(approvals.map((answer) => answer.approvals?.length)).toEqual([200, 200, 200, 200, 200, 100])
  expect(new Set(approvals.flatMap((answer) => answer.approvals?.map(({ id }) => id))).size).toBe(1_100)
})

test('following the links of the pages leads past every run and every approval', async () => {
  const overview = await follow('/', 'Older runs')
  expect(overview).toHaveLength(3)
  expect(new Set(rowsOf(overview, 'runs')).size).toBe(451)
  expect(overview[0]).toContain('1100 approvals wait for a decision')
  for (const path of ['/approvals', '/approvals?state=all']) {
    const approvals = await follow(path, 'More approvals')
    expect(approvals).toHaveLength(6)
    expect(new Set(rowsOf(approvals, 'approvals')).size).toBe(1_100)
  }
})

test('the page of a run names its own approvals, however many others wait, and says where there are more', async () => {
  const { text } = await send(company, 'bo@busy', `/runs/${crowded}`)
  expect(text).toContain('More than 200 decisions of people are open')
  expect(text).toContain('All approvals that wait')
  const id = await company.ask({}, { id: 'ann', tenant: 'busy' })
  const { runId } = (await readApproval(company, 'bo@busy', id)).approval
  const late = await send(company, 'bo@busy', `/runs/${runId}`)
  expect(late.text).toContain(`href="/approvals/${id}"`)
  expect(late.text).toContain('A person must decide')
})
