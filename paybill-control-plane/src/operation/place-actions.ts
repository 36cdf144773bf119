// The effects of operations, as actions: each passes through the door, is an intent before it happens, and is found again
// from the outside after a crash. Their values come from the control database's own trusted columns.

import { type Action, action, any, type ExternalCall, type Recovery, trusted } from 'paybill/action'
import { z } from 'zod'
import { isolations } from '../placement/cell.ts'
import type { PlaceMade, PlaceOrder, PlaceRefused, TenantPlaces } from './tenant-places.ts'

const order = { tenantId: z.string(), isolation: z.enum(isolations), cell: z.string(), operation: z.uuid() } as const
const accepts = { tenantId: trusted(), isolation: trusted(), cell: trusted(), operation: trusted() } as const

export type PlaceAction = Action<typeof order, PlaceMade | PlaceRefused>

type Perform = (order: PlaceOrder, signal: AbortSignal) => Promise<PlaceMade | PlaceRefused>

/** Who receives what these actions send: the servers of the cells. */
export const cellRecipient = 'servers:cells'

const serverTimeoutMs = 300_000
const databaseTimeoutMs = 60_000
const dataTimeoutMs = 3_600_000

export function placeActions(places: TenantPlaces) {
  const { server, database, data } = places
  return {
    serverCreate: placeAction('server.create', server.create, { timeoutMs: serverTimeoutMs }),
    serverStart: placeAction('server.start', server.start, { timeoutMs: serverTimeoutMs }),
    serverStop: placeAction('server.stop', server.stop, { timeoutMs: serverTimeoutMs }),
    serverDestroy: placeAction('server.destroy', server.destroy, { timeoutMs: serverTimeoutMs }),
    databaseCreate: placeAction('database.create', database.create, { timeoutMs: databaseTimeoutMs, find: database.find }),
    databaseOpen: placeAction('database.open', database.open, { timeoutMs: databaseTimeoutMs }),
    databaseClose: placeAction('database.close', database.close, { timeoutMs: databaseTimeoutMs }),
    databaseDestroy: placeAction('database.destroy', database.destroy, { timeoutMs: databaseTimeoutMs }),
    dataBackup: action('data.backup', {
      ...common(dataTimeoutMs),
      arguments: order,
      accepts,
      recovery: { kind: 'retry' },
      run: ({ values, signal }: ExternalCall<PlaceOrder>) => data.backup(values, signal),
    }),
    dataCertify: action('data.certify', {
      ...common(databaseTimeoutMs),
      arguments: { ...order, backup: z.string() },
      accepts: { ...accepts, backup: any() },
      recovery: { kind: 'retry' },
      run: ({ values, signal }: ExternalCall<PlaceOrder & { readonly backup: string }>) => data.certify(values, signal),
    }),
  }
}

function placeAction(
  name: string,
  perform: Perform,
  how: { readonly timeoutMs: number; readonly find?: TenantPlaces['database']['find'] },
): PlaceAction {
  const { find, timeoutMs } = how
  const recovery: Recovery<PlaceOrder, PlaceMade | PlaceRefused> =
    // Without a `find` the effect is the same however often it takes place.
    find === undefined ? { kind: 'retry' } : { kind: 'verify', find: ({ values }) => find(values) }
  return action(name, {
    ...common(timeoutMs),
    arguments: order,
    accepts,
    recovery,
    run: ({ values, signal }: ExternalCall<PlaceOrder>) => perform(values, signal),
  })
}

function common(timeoutMs: number) {
  return {
    version: 1,
    recipient: cellRecipient,
    // Whether a server refused decides whether what was made before is unmade: a bit for each of the two parts of a place.
    influence: 2,
    limits: { attempts: 5, timeoutMs },
  } as const
}
