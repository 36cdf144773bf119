// The cells' servers as a world that remembers what was done in it.

import type { PlaceOrder, TenantPlaces } from '../../src/operation/tenant-places.ts'

/** Servers and databases by tenant, as somebody outside would count them, and every call in order. */
export type CellWorld = {
  readonly places: TenantPlaces
  readonly servers: ReadonlyMap<string, 'running' | 'stopped'>
  readonly databases: ReadonlyMap<string, 'open' | 'closed'>
  readonly calls: readonly string[]
}

export type WorldChange = {
  /** Called before each call takes place; what it throws is what the world answers. */
  readonly before: (call: string, order: PlaceOrder) => void | Promise<void>
  /** Calls that the world refuses for good. */
  readonly refusesIf: (call: string) => boolean
}

export function cellWorld({ before = () => {}, refusesIf = () => false }: Partial<WorldChange>): CellWorld {
  const servers = new Map<string, 'running' | 'stopped'>()
  const databases = new Map<string, 'open' | 'closed'>()
  const calls: string[] = []
  const doing = (call: string, effect: (tenantId: string) => void) => async (order: PlaceOrder) => {
    calls.push(call)
    await before(call, order)
    if (refusesIf(call)) return { kind: 'refused', reason: `${call} is not to be had` } as const
    effect(order.tenantId)
    return { kind: 'made' } as const
  }
  const always = (call: string, effect: (tenantId: string) => void) => async (order: PlaceOrder) => {
    await doing(call, effect)(order)
    return { kind: 'made' } as const
  }
  const texts =
    <O extends PlaceOrder>(call: string, textOf: (order: O) => string) =>
    async (order: O) => {
      const answer = await doing(call, () => {})(order)
      return answer.kind === 'made' ? { ...answer, text: textOf(order) } : answer
    }
  const found =
    (map: ReadonlyMap<string, string>) =>
    async ({ tenantId }: PlaceOrder) =>
      map.has(tenantId) ? ({ kind: 'made' } as const) : null
  return {
    servers,
    databases,
    calls,
    places: {
      workspaceOf: () => null,
      nameOf: ({ tenantId, isolation }) => (isolation === 'pooled' ? null : `db_${tenantId}`),
      server: {
        create: doing('server.create', (id) => servers.set(id, 'running')),
        start: doing('server.start', (id) => servers.set(id, 'running')),
        stop: always('server.stop', (id) => servers.set(id, 'stopped')),
        destroy: always('server.destroy', (id) => servers.delete(id)),
      },
      database: {
        create: doing('database.create', (id) => databases.set(id, 'open')),
        find: found(databases),
        open: doing('database.open', (id) => databases.set(id, 'open')),
        close: always('database.close', (id) => databases.set(id, 'closed')),
        destroy: always('database.destroy', (id) => databases.delete(id)),
      },
      data: {
        backup: texts('data.backup', ({ tenantId }) => `all rows of ${tenantId}`),
        certify: texts('data.certify', ({ tenantId, backup }) => `${tenantId} is gone, ${backup} were kept`),
      },
    },
  }
}
