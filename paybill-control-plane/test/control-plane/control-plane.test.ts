import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPlaneDatabase, type PlaneDatabase } from './plane.ts'

let shared: PlaneDatabase

beforeAll(async () => {
  shared = await openPlaneDatabase()
})

afterAll(() => shared.close())

const days = (count: number): number => count * 86_400_000

test('a company that signs up becomes an active tenant in the place that its plan buys', async () => {
  const { plane, order } = await shared.open()
  const made = await plane.signUp('olga', order({ plan: 'business' }))
  expect(made).toMatchObject({ phase: 'pending', isolation: 'bridge', access: 'blocked', operation: { kind: 'provision' } })
  await plane.settle()
  expect(await plane.tenantShow('vera', made.id)).toMatchObject({
    phase: 'active',
    access: 'full',
    because: [],
    plan: { id: 'business', version: 1 },
    place: { cell: 'eu-1', database: `db_${made.id}`, epoch: 1 },
    operation: null,
    msToActive: expect.any(Number),
  })
})

test.each([
  [
    'a plan that is not sold',
    { plan: 'platinum' },
    { code: 'NOT_FOUND', shown: expect.stringContaining('business, enterprise, starter') },
  ],
  ['a product that is not sold', { product: 'coffee' }, { code: 'NOT_FOUND', shown: expect.stringContaining('bill-pay') }],
  [
    'a region without a cell',
    { region: 'mars' },
    { code: 'CAPACITY_EXHAUSTED', shown: expect.stringContaining('not in `mars`') },
  ],
  ['a name that no address can have', { name: 'Fjord Drift!' }, { code: 'ARGUMENT_INVALID' }],
  ['no seats', { seats: 0 }, { code: 'ARGUMENT_INVALID' }],
])('%s is refused, and nothing is half-made', async (_what, change, error) => {
  const { plane, order } = await shared.open()
  await expect(plane.signUp('olga', order(change))).rejects.toMatchObject(error)
  expect(await plane.tenantList('olga', { limit: 10 })).toEqual([])
  // What the refused one asked for is still to be had.
  expect(await plane.signUp('olga', order())).toMatchObject({ phase: 'pending' })
})

test('a taken name is refused with the name, and what was there stays', async () => {
  const { plane, order } = await shared.open()
  await plane.signUp('olga', order({ name: 'fjord' }))
  await expect(plane.signUp('olga', order({ name: 'fjord' }))).rejects.toMatchObject({
    code: 'CONFLICT',
    shown: 'the name `fjord` is taken',
  })
  expect(await plane.tenantList('olga', { limit: 10 })).toHaveLength(1)
})

test('who may look may not change, who routes sees routes only, and who is unknown sees nothing', async () => {
  const { plane, order } = await shared.open()
  const { id } = await plane.signUp('olga', order())
  await expect(plane.signUp('vera', order())).rejects.toMatchObject({ code: 'DENIED' })
  await expect(plane.tenantSuspend('vera', id, 'operator')).rejects.toMatchObject({ code: 'DENIED' })
  await expect(plane.tenantShow('nobody', id)).rejects.toMatchObject({ code: 'DENIED' })
  await expect(plane.paymentRequestList('gate', id)).rejects.toMatchObject({ code: 'DENIED' })
  await expect(plane.tenantShow('gate', id)).rejects.toMatchObject({ code: 'DENIED' })
  expect(await plane.tenantRoute('gate', id)).toMatchObject({ tenant: id, access: 'blocked', cell: null, isolation: 'pooled' })
  await expect(plane.planList('nobody')).rejects.toMatchObject({ code: 'DENIED' })
})

test('what is done alongside a change is told what is changed, and what it throws undoes the change', async () => {
  const { plane, order } = await shared.open()
  const told: string[] = []
  const note = async (_tables: unknown, id: string): Promise<void> => void told.push(id)
  const refuse = (): Promise<void> => Promise.reject(new Error('refused alongside'))

  await expect(plane.signUp('olga', order(), refuse)).rejects.toThrow('refused alongside')
  expect(await plane.tenantList('olga', { limit: 10 })).toEqual([])
  const { id } = await plane.signUp('olga', order({ plan: 'enterprise' }), note)
  await expect(plane.tenantSuspend('olga', id, 'quota', refuse)).rejects.toThrow('refused alongside')
  await expect(plane.tenantDelete('olga', id, refuse)).rejects.toThrow('refused alongside')
  const [request] = await plane.paymentRequestList('olga', id)
  await expect(plane.paymentRequestPaid('olga', request?.id ?? '', refuse)).rejects.toThrow('refused alongside')
  expect(await plane.tenantShow('olga', id)).toMatchObject({ phase: 'pending', suspensions: [] })
  expect(await plane.paymentRequestList('olga', id)).toMatchObject([{ status: 'open' }])

  await plane.tenantSuspend('olga', id, 'quota', note)
  await expect(plane.tenantResume('olga', id, 'quota', refuse)).rejects.toThrow('refused alongside')
  await plane.tenantResume('olga', id, 'quota', note)
  await plane.paymentRequestPaid('olga', request?.id ?? '', note)
  const to = new Date(Date.now() + days(1))
  await expect(plane.clockAdvance('olga', to, refuse)).rejects.toThrow('refused alongside')
  await plane.clockAdvance('olga', to, note)
  expect(told).toEqual([id, id, id, request?.id, to.toISOString()])
})

test('a tenant of another organization cannot be told from one that is not there', async () => {
  const here = await shared.open()
  const there = await shared.open()
  const { id } = await there.plane.signUp('olga', there.order())
  const refusal = (of: string) => here.plane.tenantShow('olga', of).catch((error: unknown) => String(error).replace(of, 'ID'))
  expect(await refusal(id)).toBe(await refusal('ten_99999999999999999999'))
})

test('64 sign-ups at once on 10 free places: 10 tenants, 54 refused with the reason, none over', async () => {
  const { plane, order } = await shared.open({ pooled: 10 })
  const results = await Promise.allSettled(Array.from({ length: 64 }, () => plane.signUp('olga', order())))
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
  expect(refused).toEqual(Array<unknown>(54).fill(expect.objectContaining({ code: 'CAPACITY_EXHAUSTED' })))
  await plane.settle()
  const tenants = await plane.tenantList('olga', { limit: 100 })
  expect(tenants.map(({ phase }) => phase)).toEqual(Array<string>(10).fill('active'))
})

test('access is gone when the suspension answers, and infrastructure follows', async () => {
  const { plane, world, order } = await shared.open()
  const { id } = await plane.signUp('olga', order({ plan: 'business' }))
  await plane.settle()
  expect(await plane.tenantRoute('olga', id)).toMatchObject({ access: 'full', cell: 'eu-1' })
  await plane.tenantSuspend('olga', id, 'operator')
  expect(await plane.tenantRoute('olga', id)).toMatchObject({
    access: 'blocked',
    because: [expect.stringMatching(/^suspended for operator by olga/)],
  })
  expect([...world.databases.values()]).toEqual(['open'])
  await plane.settle()
  expect([...world.databases.values()]).toEqual(['closed'])
  await expect(plane.tenantResume('olga', id, 'security')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await plane.tenantResume('olga', id, 'operator')
  await plane.settle()
  expect(await plane.tenantShow('olga', id)).toMatchObject({ phase: 'active', access: 'full' })
})

test('a tenant that is to be deleted is suspended first, and then nothing is left of it', async () => {
  const { plane, world, order } = await shared.open()
  const { id } = await plane.signUp('olga', order({ plan: 'business' }))
  await plane.settle()
  await plane.tenantDelete('olga', id)
  await plane.settle()
  expect(await plane.tenantShow('olga', id)).toMatchObject({ phase: 'deleted', place: null })
  expect(world.databases.size).toBe(0)
  expect(world.calls).toEqual(['database.create', 'database.close', 'data.backup', 'database.destroy', 'data.certify'])
})

test('what waits for a payment is provisioned when it is paid, and gives its place back when it is not', async () => {
  const { plane, world, order } = await shared.open()
  const paying = await plane.signUp('olga', order({ plan: 'enterprise' }))
  const silent = await plane.signUp('olga', order({ plan: 'enterprise' }))
  await expect(plane.signUp('olga', order({ plan: 'enterprise' }))).rejects.toMatchObject({ code: 'CAPACITY_EXHAUSTED' })
  await plane.settle()
  expect(world.calls).toEqual([])
  expect(await plane.tenantExplain('olga', paying.id)).toContainEqual(expect.stringMatching(/^next: it waits for payment, since/))

  const [request] = await plane.paymentRequestList('olga', paying.id)
  await plane.paymentRequestPaid('olga', request?.id ?? '')
  await plane.paymentRequestPaid('olga', request?.id ?? '')
  await plane.settle()
  expect(await plane.tenantShow('olga', paying.id)).toMatchObject({ phase: 'active' })

  await plane.clockAdvance('olga', new Date(Date.now() + days(3)))
  expect(await plane.tenantShow('olga', silent.id)).toMatchObject({ phase: 'deleted' })
  expect(await plane.signUp('olga', order({ plan: 'enterprise' }))).toMatchObject({ phase: 'pending' })
})

test('trial → unpaid → grace → restricted → suspended → paid → resumed, on the dates that preview said', async () => {
  const { plane, order } = await shared.open()
  const start = Date.now()
  const { id } = await plane.signUp('olga', order())
  await plane.settle()
  const preview = await plane.tenantPreview('olga', id, new Date(start + days(60)))
  const access = preview.flatMap(({ at, what }) => {
    const word = /^access is (\w+)/.exec(what)?.[1]
    return word === undefined ? [] : [{ at: new Date(at), access: word }]
  })
  expect(access.map((entry) => entry.access)).toEqual(['full', 'full', 'grace', 'restricted', 'blocked'])

  for (const [index, { at, access: expected }] of access.entries()) {
    if (index === 0) continue
    // A moment before it is still as it was, at the moment itself it is as it was said.
    await plane.clockAdvance('olga', new Date(at.getTime() - 1_000))
    expect((await plane.tenantShow('olga', id)).access).toBe(access[index - 1]?.access)
    await plane.clockAdvance('olga', new Date(at.getTime() + 1_000))
    expect((await plane.tenantShow('olga', id)).access).toBe(expected)
  }
  expect(await plane.tenantShow('olga', id)).toMatchObject({ phase: 'suspended' })

  for (const request of await plane.paymentRequestList('olga', id))
    if (request.status === 'open') await plane.paymentRequestPaid('olga', request.id)
  await plane.settle()
  expect(await plane.tenantShow('olga', id)).toMatchObject({ phase: 'active', access: 'full' })
})

test('the clock of an organization that is no sandbox does not move, and none goes back', async () => {
  const real = await shared.open({ isSandbox: false })
  await expect(real.plane.clockAdvance('olga', new Date(Date.now() + days(1)))).rejects.toMatchObject({ code: 'DENIED' })
  const sandbox = await shared.open()
  await sandbox.plane.clockAdvance('olga', new Date(Date.now() + days(2)))
  await expect(sandbox.plane.clockAdvance('olga', new Date(Date.now() + days(1)))).rejects.toMatchObject({
    code: 'ARGUMENT_INVALID',
  })
  await expect(sandbox.plane.clockAdvance('vera', new Date(Date.now() + days(3)))).rejects.toMatchObject({ code: 'DENIED' })
})
