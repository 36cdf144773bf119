// The local provider: cells are PostgreSQL servers that are there, and a silo is a server of its own on this machine, reached
// through a socket. What it makes is real; nothing needs a cloud.

import type { PlaceMade, PlaceOrder, TenantPlaces } from '../operation/tenant-places.ts'
import {
  bridgeClose,
  bridgeCreate,
  bridgeDrop,
  bridgeFind,
  bridgeOpen,
  pooledRetire,
  siloDestroy,
  siloFind,
  siloServerStart,
  siloStart,
  siloStop,
} from '../tenant-database/index.ts'
import { localData } from './local-data.ts'
import { tenantKeyFind } from '../secret/index.ts'
import { bridgeOf, type LocalProvider, ownName, pooledOf, siloOf } from './provider.ts'
import { orRefused } from './refused.ts'
import { serverIdOf, serverMake, serverUnmake } from './server-run.ts'

const made: PlaceMade = { kind: 'made' }

export function localPlaces(provider: LocalProvider): TenantPlaces {
  const { application, secret, connectionLimit } = provider
  const own = { application, secret, connectionLimit }
  const serverStart = ({ operation, ...order }: PlaceOrder) =>
    orRefused(() => siloStart({ ...siloOf(provider, order), operation, ...own }).then(() => made))
  const serverCreate = (order: PlaceOrder) =>
    orRefused(async () => {
      const { state } = await serverMake(provider, order)
      if (state === 'skipped') await siloServerStart({ ...siloOf(provider, order), ...order, connectionLimit })
      return made
    })
  return {
    workspaceOf: ({ tenantId, isolation }) => (isolation === 'silo' ? serverIdOf(ownName(provider, tenantId)) : null),
    nameOf: ({ tenantId, isolation }) => (isolation === 'pooled' ? null : ownName(provider, tenantId)),
    server: {
      create: serverCreate,
      start: serverStart,
      stop: (order) => siloStop(siloOf(provider, order)).then(() => made),
      destroy: async (order) => {
        // Where the tenant's key is gone already, an earlier try came further than this.
        const owner = { organization: provider.organization, tenant: order.tenantId }
        if (await tenantKeyFind(provider.keys, owner)) await serverUnmake(provider, order)
        // What no run made, or none could end, goes all the same.
        await siloDestroy(siloOf(provider, order))
        return made
      },
    },
    database: {
      create: ({ operation, ...order }) =>
        orRefused(async () => {
          // The shared database is there before its tenants.
          if (order.isolation === 'bridge') await bridgeCreate({ ...bridgeOf(provider, order), operation, ...own })
          if (order.isolation === 'silo') await siloStart({ ...siloOf(provider, order), operation, ...own })
          return made
        }),
      find: async (order) => ((await isThere(provider, order)) ? made : null),
      open: (order) => orRefused(() => bridgeOpen(bridgeOf(provider, order)).then(() => made)),
      close: (order) => bridgeClose(bridgeOf(provider, order)).then(() => made),
      destroy: async (order) => {
        if (order.isolation === 'bridge') await bridgeDrop(bridgeOf(provider, order))
        if (order.isolation === 'pooled')
          await pooledRetire({ ...pooledOf(provider, order), application, tenant: order.tenantId })
        return made
      },
    },
    data: localData(provider),
  }
}

async function isThere(provider: LocalProvider, order: PlaceOrder): Promise<boolean> {
  switch (order.isolation) {
    case 'pooled':
      return true
    case 'bridge':
      return (await bridgeFind(bridgeOf(provider, order))).status === 'present'
    case 'silo':
      return (await siloFind(siloOf(provider, order))).status === 'running'
    default:
      return order.isolation satisfies never
  }
}
