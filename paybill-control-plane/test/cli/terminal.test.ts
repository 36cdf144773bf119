// What a terminal is shown: colours, progress, and lines no wider than it.

import { expect, test } from 'vitest'
import { forms, type Tenant } from '../../src/cli/api.ts'
import { fits } from '../../src/cli/form.ts'
import { type CliIo, eachOnce } from '../../src/cli/io.ts'
import { printTenant } from '../../src/cli/show.ts'
import { printTable } from '../../src/cli/table.ts'
import { standingOf } from '../../src/cli/wait.ts'

function written(change: Partial<CliIo>, work: (io: CliIo) => void): string {
  const lines: string[] = []
  work({
    env: {},
    out: (line) => void lines.push(line),
    err: () => {},
    progress: () => {},
    isColoured: false,
    width: null,
    ...change,
  })
  return lines.join('\n')
}

const tenant: Tenant = {
  id: 'ten_1',
  name: 'fjord',
  customer: 'cus_1',
  product: 'bill-pay',
  plan: { id: 'starter', version: 1 },
  isolation: 'pooled',
  region: 'eu',
  phase: 'suspended',
  mode: 'enforce',
  access: 'blocked',
  because: ['suspended for operator\u001B[31m'],
  suspensions: [],
  place: null,
  operation: null,
  next: { kind: 'none', what: '', since: null },
  createdAt: '2026-01-01T00:00:00.000Z',
  msToActive: null,
}

test('access is coloured on a terminal that shows colours and plain on any other', () => {
  expect(written({ isColoured: true }, (io) => printTenant(io, tenant))).toContain('\u001B[31mblocked\u001B[39m')
  expect(written({}, (io) => printTenant(io, tenant))).not.toContain('\u001B')
})

test('what a server says cannot move the cursor', () => {
  expect(written({ isColoured: true }, (io) => printTenant(io, tenant))).toContain('operator⟨U+001B⟩[31m')
})

test('a table is cut where it is widest, never in a whole column, and not at all where it has room', () => {
  const columns = [{ title: 'id', isWhole: true }, { title: 'what' }, { title: 'amount', isNumber: true }]
  const rows = [[{ text: 'x'.repeat(20) }, { text: 'y'.repeat(60) }, { text: '7' }]]
  const at = (width: number | null) => written({ width }, (io) => printTable(io, columns, rows)).split('\n')
  expect(at(null)[1]).toBe(`${'x'.repeat(20)}  ${'y'.repeat(60)}       7`)
  expect(at(200)).toEqual(at(null))
  expect(at(50)[1]).toBe(`${'x'.repeat(20)}  ${'y'.repeat(19)}…       7`)
  expect(at(10)[1]).toBe(`${'x'.repeat(20)}  yyyyy…       7`)
})

test('progress that cannot be overwritten is written once for each thing that is waited for', () => {
  const lines: string[] = []
  const progress = eachOnce((line) => void lines.push(line))
  for (const line of ['a', 'a', 'b', 'b', null, 'b']) progress(line)
  expect(lines).toEqual(['a', 'b', 'b'])
})

test.each([
  ['working', 'provisioning', 'working', 'provision: its first step'],
  ['working', 'pending', 'start', 'provision'],
  ['working', 'provision_failed', 'wait', 'the next try at 2026-01-01T00:00:00.000Z'],
  ['blocked', 'pending', 'wait', 'payment'],
  ['blocked', 'pending', 'wait', 'approval'],
  ['blocked', 'suspended', 'none', 'suspended for operator by olga'],
  ['blocked', 'deleted', 'none', ''],
  ['parked', 'provision_failed', 'park', 'provision failed 5 times'],
  ['active', 'active', 'none', ''],
] as const)('it is %s: %s, %s %s', (standing, phase, kind, what) => {
  expect(standingOf({ phase, next: { kind, what, since: null } })).toBe(standing)
})

test('an answer fits its form with more fields than it names, and not with fewer or others', () => {
  expect(fits(forms, forms.Tenant, tenant)).toBe(true)
  expect(fits(forms, forms.Tenant, { ...tenant, later: 1 })).toBe(true)
  const { id: _id, ...without } = tenant
  const wrong = [
    without,
    { ...tenant, id: 1 },
    { ...tenant, access: 'some' },
    { ...tenant, because: ['a', 1] },
    { ...tenant, plan: { id: 'starter', version: 1.5 } },
    { ...tenant, plan: [] },
    null,
    [],
    'tenant',
  ]
  for (const value of wrong) expect(fits(forms, forms.Tenant, value)).toBe(false)
})
