import { afterAll, beforeAll, expect, test } from 'vitest'
import { isolations } from '../../src/placement/cell.ts'
import { cellList, reservationRelease } from '../../src/placement/reservation.ts'
import { accessOf } from '../../src/tenant/access.ts'
import { suspensionAdd, suspensionRemove, tenantFetch } from '../../src/tenant/store.ts'
import { paid, unpaid } from '../tenant/facts.ts'
import { type Control, type ControlDatabase, openControlDatabase } from './control.ts'

let shared: ControlDatabase

beforeAll(async () => {
  shared = await openControlDatabase()
})

afterAll(() => shared.close())

const phaseOf = async ({ operator }: Control, id: string) => (await tenantFetch(operator, id)).phase
const standing = ({ world }: Control) => [...world.servers.values(), ...world.databases.values()]

async function takenPlaces({ operator }: Control): Promise<number> {
  const cells = await cellList(operator)
  return cells.flatMap(({ places }) => isolations.map((each) => places[each].taken)).reduce((sum, each) => sum + each, 0)
}

test.each([
  ['pooled', ['database.create'], null],
  ['bridge', ['database.create'], 'db_'],
  ['silo', ['server.create', 'database.create'], 'db_'],
] as const)(
  'a %s tenant becomes active, has its place, and an invitation for its administrator',
  async (isolation, calls, name) => {
    const control = await shared.open()
    const id = await control.signUp(isolation)
    await control.settle(id)
    expect(await phaseOf(control, id)).toBe('active')
    expect(control.world.calls).toEqual(calls)
    const place = { isolation, name: name === null ? null : `${name}${id}`, epoch: 1 }
    expect(await control.operator.place.findFirst({ where: { tenantId: id } })).toMatchObject(place)
    expect(await control.operator.reservation.findFirst({ where: { tenantId: id } })).toMatchObject({ leasedUntil: null })
    expect(await control.operator.invitation.count({ where: { tenantId: id } })).toBe(1)
  },
)

test.each(isolations)(
  'a %s tenant is suspended, resumed with its place and deleted; nothing is left, nothing done twice',
  async (isolation) => {
    const control = await shared.open()
    const id = await control.signUp(isolation)
    await control.settle(id)
    control.billing = { ...control.billing, standing: unpaid }
    await control.settle(id)
    expect(await phaseOf(control, id)).toBe('suspended')
    expect(await control.operator.place.count()).toBe(1)
    expect(standing(control)).toEqual({ pooled: ['open'], bridge: ['closed'], silo: ['stopped', 'open'] }[isolation])

    control.billing = { ...control.billing, standing: paid }
    await control.settle(id)
    expect(await phaseOf(control, id)).toBe('active')
    expect(standing(control)).toEqual({ pooled: ['open'], bridge: ['open'], silo: ['running', 'open'] }[isolation])

    await control.operator.tenant.update({ where: { id }, set: { deletionAskedAt: new Date() } })
    await control.settle(id)
    expect(await phaseOf(control, id)).toBe('deleted')
    expect(standing(control)).toEqual([])
    expect(await control.operator.place.count()).toBe(0)
    expect(await takenPlaces(control)).toBe(0)
    for (const call of ['server.create', 'database.create', 'database.destroy', 'server.destroy'])
      expect(control.world.calls.filter((each) => each === call).length, call).toBeLessThanOrEqual(1)
  },
)

test('suspend by two reasons, resume one: still suspended', async () => {
  const control = await shared.open()
  const id = await control.signUp('bridge')
  await control.settle(id)
  await suspensionAdd(control.operator, { tenantId: id, reason: 'operator', by: 'olga' })
  await suspensionAdd(control.operator, { tenantId: id, reason: 'security', by: 'siri' })
  await control.settle(id)
  expect(await phaseOf(control, id)).toBe('suspended')
  await suspensionRemove(control.operator, { tenantId: id, reason: 'operator' })
  await control.settle(id)
  expect(await phaseOf(control, id)).toBe('suspended')
  await suspensionRemove(control.operator, { tenantId: id, reason: 'security' })
  await control.settle(id)
  expect(await phaseOf(control, id)).toBe('active')
})

test('access is gone in the moment of the suspension, while an operation is at work', async () => {
  const gate = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  const control = await shared.open({
    before: async (call) => {
      if (call !== 'database.close') return
      reached.resolve()
      await gate.promise
    },
  })
  const id = await control.signUp('bridge')
  await control.settle(id)
  await suspensionAdd(control.operator, { tenantId: id, reason: 'quota', by: 'olga' })
  const suspending = control.settle(id)
  await reached.promise
  // The operation has only begun: the phase is active as before, and access is gone.
  const facts = await control.reconciler.facts(id)
  expect(facts).toMatchObject({ phase: 'active', operation: { kind: 'suspend' } })
  expect(accessOf(facts).access).toBe('blocked')
  gate.resolve()
  await suspending
  expect(await phaseOf(control, id)).toBe('suspended')
})

test('what was made is unmade where something later is refused, and the tenant says so', async () => {
  const control = await shared.open({ refusesIf: (call) => call === 'database.create' })
  const id = await control.signUp('silo')
  await control.reconciler.look(id)
  await control.app.work({ until: 'idle' })
  expect(await phaseOf(control, id)).toBe('provision_failed')
  expect(standing(control)).toEqual([])
  expect(control.world.calls).toEqual(['server.create', 'database.create', 'database.destroy', 'server.destroy'])
  expect(await control.reconciler.facts(id)).toMatchObject({ operation: null, failure: { kind: 'provision', times: 1 } })
  expect(await control.reconciler.look(id)).toMatchObject({ kind: 'wait', for: expect.stringMatching(/^the next try at/) })
  expect(await control.operator.place.count()).toBe(0)

  // Somebody who gives up leaves nothing behind either.
  await control.operator.tenant.update({ where: { id }, set: { deletionAskedAt: new Date() } })
  await control.settle(id)
  expect(await phaseOf(control, id)).toBe('deleted')
  expect(await takenPlaces(control)).toBe(0)
})

test('a deletion after which something is left is not over; tried again it keeps what the first backup held', async () => {
  let isLeft = true
  const control = await shared.open({ refusesIf: (call) => call === 'data.certify' && isLeft })
  const id = await control.signUp('bridge')
  await control.settle(id)
  await control.operator.tenant.update({ where: { id }, set: { deletionAskedAt: new Date() } })
  await control.settle(id)
  expect(await phaseOf(control, id)).toBe('deprovision_failed')
  expect(standing(control)).toEqual([])
  expect(await control.system.wrappedKey.count()).toBe(0)
  const kept = await control.operator.deletion.findMany()
  expect(control.operator.disclose(kept)).toMatchObject([{ backup: `all rows of ${id}`, certificate: null }])

  isLeft = false
  await control.system.tenant.update({ where: { id }, set: { failedAt: new Date(0) } })
  await control.settle(id)
  expect(await phaseOf(control, id)).toBe('deleted')
  const ended = await control.operator.deletion.findMany()
  expect(control.operator.disclose(ended)).toMatchObject([{ certificate: `${id} is gone, all rows of ${id} were kept` }])
})

test('a world that does not answer is asked again, and what it had done is found and not done twice', async () => {
  let isDown = true
  const control = await shared.open({
    before: (call) => {
      if (call !== 'database.create' || !isDown) return
      isDown = false
      throw new Error('no answer')
    },
  })
  const id = await control.signUp('bridge')
  await control.settle(id)
  expect(await phaseOf(control, id)).toBe('active')
  expect(control.world.databases.size).toBe(1)
})

test('a tenant for whose operation there is no room any more says so, and stays as it is', async () => {
  const control = await shared.open()
  const id = await control.signUp('bridge')
  // Its reservation ran out, and the cells take nobody any more.
  await control.system.transaction((tables) => reservationRelease(tables, id))
  await control.operator.cell.update({ where: { region: 'eu' }, set: { state: 'inactive' } })
  await control.settle(id)
  expect(await phaseOf(control, id)).toBe('pending')
  expect(control.world.calls).toEqual([])
  expect(await control.reconciler.facts(id)).toMatchObject({
    operation: null,
    failure: { kind: 'provision', times: 1, reason: expect.stringContaining('eu-1 refused: it is inactive') },
  })
})

test('an operation whose run was never started is started by whoever looks next', async () => {
  const control = await shared.open()
  const id = await control.signUp('bridge')
  await control.reconciler.look(id)
  expect(await tenantFetch(control.operator, id)).toMatchObject({ operation: expect.any(String) })
  expect(await control.reconciler.look(id)).toMatchObject({ kind: 'working' })
  await control.settle(id)
  expect(await phaseOf(control, id)).toBe('active')
})

test('of 10 who look at once one starts the operation', async () => {
  const control = await shared.open()
  const id = await control.signUp('bridge')
  await Promise.all(Array.from({ length: 10 }, () => control.reconciler.look(id)))
  await control.app.work({ until: 'idle' })
  expect(await control.operator.operation.count()).toBe(1)
  expect(control.world.calls).toEqual(['database.create'])
})

test('a look at a tenant says in which place of its run the operation is', async () => {
  const control = await shared.open()
  const id = await control.signUp('silo')
  await control.reconciler.look(id)
  expect(await control.reconciler.look(id)).toMatchObject({
    kind: 'working',
    for: 'provision: what follows tenant-provision/1 (run.started)',
  })
})
