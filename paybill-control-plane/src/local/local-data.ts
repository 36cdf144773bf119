// The end of a tenant's data on this machine: the last backup, and the certificate that nothing is left.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { PlaceOrder, PlaceRefused, TenantPlaces, TextMade } from '../operation/tenant-places.ts'
import { tenantKeyFetch, tenantKeyFind } from '../secret/index.ts'
import { backupFind, backupWrite, certificateSign, residueScan, siloStart } from '../tenant-database/index.ts'
import { localResidueScan } from './local-residue.ts'
import { localDatabasePlace, type LocalProvider, ownName, siloOf } from './provider.ts'
import { orRefused } from './refused.ts'

/** What the certificate says of the last backup and of the rows that were there. */
const kept = z.object({ id: z.string(), sha256: z.string(), rows: z.record(z.string(), z.number()) })

export function localData(provider: LocalProvider): TenantPlaces['data'] {
  const { keys, organization, application } = provider

  const backup = async (order: PlaceOrder): Promise<TextMade> => {
    const { tenantId } = order
    const id = `last_${tenantId}`
    const key = await tenantKeyFetch(keys, { organization, tenant: tenantId })
    await mkdir(provider.backupsFolder, { recursive: true, mode: 0o700 })
    const file = { file: join(provider.backupsFolder, id), id, key }
    const place = { ...(await reachable(order)), application, tenant: tenantId }
    // One that is whole stays as it is: what a second try would find may be less.
    const { sha256, tables } = (await backupFind(file)) ?? (await backupWrite({ ...place, ...file }))
    const rows = Object.fromEntries(
      tables.flatMap((table) => (table.of === 'tenant' && table.rows > 0 ? [[table.name, table.rows]] : [])),
    )
    return { kind: 'made', text: JSON.stringify({ id, sha256, rows } satisfies z.infer<typeof kept>) }
  }

  // A suspended tenant's server is stopped; its rows are read by us alone.
  const reachable = async (order: PlaceOrder) => {
    const { secret, connectionLimit } = provider
    if (order.isolation === 'silo')
      await siloStart({ ...siloOf(provider, order), operation: order.operation, application, secret, connectionLimit })
    return localDatabasePlace(provider, order)
  }

  const certify = async (order: PlaceOrder & { readonly backup: string }): Promise<TextMade> => {
    const { tenantId: tenant, isolation, operation } = order
    const owner = { organization, tenant }
    const name = ownName(provider, tenant)
    const { rows, ...backup } = kept.parse(JSON.parse(order.backup))
    const residue = await residueScan(localResidueScan(provider, { tenantId: tenant, operations: [operation] }))
    const deletion = {
      organization,
      tenant,
      operation,
      isolation,
      rows,
      databases: isolation === 'bridge' ? [name] : [],
      servers: isolation === 'silo' ? [name] : [],
      backup,
      isKeyDestroyed: !(await tenantKeyFind(keys, owner)),
      residue,
      at: provider.now(),
    }
    return { kind: 'made', text: certificateSign(deletion, provider.signing) }
  }

  return {
    backup: (order): Promise<TextMade | PlaceRefused> => orRefused(() => backup(order)),
    certify: (order): Promise<TextMade | PlaceRefused> => orRefused(() => certify(order)),
  }
}
