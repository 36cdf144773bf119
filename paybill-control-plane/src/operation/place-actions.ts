// The effects of operations, as actions: each passes through the door, is an intent before it happens, and is found again
// from the outside after a crash. Their values come from the control database's own trusted columns.

import { type Action, action, type ExternalCall, type Recovery, trusted } from 'paybill/action'
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

export function placeActions(places: TenantPlaces) {
  const { server, database } = places
  return {
    serverCreate: placeAction('server.create', server.create, { timeoutMs: serverTimeoutMs, find: server.find }),
    serverStart: placeAction('server.start', server.start, { timeoutMs: serverTimeoutMs }),
    serverStop: placeAction('server.stop', server.stop, { timeoutMs: serverTimeoutMs }),
    serverDestroy: placeAction('server.destroy', server.destroy, { timeoutMs: serverTimeoutMs }),
    databaseCreate: placeAction('database.create', database.create, { timeoutMs: databaseTimeoutMs, find: database.find }),
    databaseOpen: placeAction('database.open', database.open, { timeoutMs: databaseTimeoutMs }),
    databaseClose: placeAction('database.close', database.close, { timeoutMs: databaseTimeoutMs }),
    databaseDestroy: placeAction('database.destroy', database.destroy, { timeoutMs: databaseTimeoutMs }),
  }
}

function placeAction(
  name: string,
  perform: Perform,
  how: { readonly timeoutMs: number; readonly find?: TenantPlaces['server']['find'] },
): PlaceAction {
  const { find } = how
  const recovery: Recovery<PlaceOrder, PlaceMade | PlaceRefused> =
    // Without a `find` the effect is the same however often it takes place.
    find === undefined ? { kind: 'retry' } : { kind: 'verify', find: ({ values }) => find(values) }
  return action(name, {
    version: 1,
    arguments: order,
    accepts,
    recipient: cellRecipient,
    // Whether a server refused decides whether what was made before is unmade: a bit for each of the two parts of a place.
    influence: 2,
    limits: { attempts: 5, timeoutMs: how.timeoutMs },
    recovery,
    run: ({ values, signal }: ExternalCall<PlaceOrder>) => perform(values, signal),
  })
}
