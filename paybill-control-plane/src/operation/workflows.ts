// The operations on tenants, as workflows: what each does and in which order, and how it is undone. At most one is at work
// on a tenant (see tenant/store.ts); its last step moves the phase and frees the tenant in one commit.

import { type Labeled, map, pick } from 'paybill/label'
import { PaybillError } from 'paybill/lib'
import { type ActionOutcome, type Flow, type StepContext, type Workflow, workflow } from 'paybill/workflow'
import type { Table } from 'paybill/schema'
import { z } from 'zod'
import { type ControlSchema, controlSchema } from '../control-database/schema.ts'
import type { Isolation } from '../catalog/unit.ts'
import { placementTables } from '../placement/tables.ts'
import { reservationConfirm, reservationFetch, reservationMake, reservationRelease } from '../placement/reservation.ts'
import type { OperationKind } from '../tenant/desired.ts'
import { type KeyStore, keyStore } from '../tenant/key-store.ts'
import type { Phase } from '../tenant/phase.ts'
import { operationEnd, tenantFetch, type TenantRow } from '../tenant/store.ts'
import { tenantTables } from '../tenant/tables.ts'
import { type PlaceAction, placeActions } from './place-actions.ts'
import type { PlaceMade, PlaceOrder, PlaceRefused, TenantPlaces } from './tenant-places.ts'

/** What an operation is started with. */
export type OperationInput = { readonly tenantId: string; readonly operation: string }

export type OperationWorkflows = Readonly<Record<OperationKind, Workflow<OperationInput>>>

/** What operations need beside the places: how the first administrator of a tenant gets in. */
export type OperationParts = {
  readonly places: TenantPlaces
  readonly keys: TenantKeys
  /** SHA-256 of the token of a tenant's invitation, as hexadecimal text. The token itself never enters the database. */
  readonly invitationHash: (tenantId: string) => string
}

/** Makes and destroys the key of a tenant, in the store that it is given. */
export type TenantKeys = {
  readonly create: (store: KeyStore, tenantId: string) => Promise<void>
  readonly destroy: (store: KeyStore, tenantId: string) => Promise<void>
}

type Context = StepContext<ControlSchema>
type Session = Context['session']
type Start = { readonly input: OperationInput }
type Leaving = Start & { readonly begin: { readonly isolation: Isolation | 'none'; readonly cell: string } }
/** What is known once the operation has begun: where the tenant is, or is to be. */
type Begun = Start & { readonly begin: { readonly isolation: Isolation; readonly cell: string } }

const placeHeldMs = 24 * 3_600_000

export function operationWorkflows({ places, keys, invitationHash }: OperationParts): OperationWorkflows {
  const actions = placeActions(places)
  const shred = {
    grant: { wrappedKey: { read: ['tenantId', 'wrapped'], delete: true } },
    run: ({ session }: Context, { input }: Start) => keys.destroy(keyStore(session), input.tenantId),
  } as const

  /** The last backup. What it holds is written down before anything goes, so that a second try does not write down less. */
  const kept = <S extends Leaving>(flow: Flow<S, Context>) =>
    refusing(flow.action('backup', actions.dataBackup, orderOf), 'backup').step('kept', {
      grant: { deletion: { read: ['tenantId', 'backup'], create: ['tenantId', 'backup'] } },
      run: async ({ session }, { input, backup }) => {
        const { tenantId } = input
        const before = await session.deletion.findFirst({ where: { tenantId }, select: ['backup'] })
        if (before !== null) return before.backup
        if (backup.outcome === 'refused') throw new PaybillError('INTERNAL', 'a refused backup goes another way')
        const text = map(backup.result, (made) => (made.kind === 'made' ? made.text : ''))
        await session.deletion.insert({ tenantId, backup: text })
        return text
      },
    })

  /** The key goes, then somebody looks for what is left, and signs that nothing is. */
  const certified = <S extends Leaving & { readonly kept: Labeled<string> }>(flow: Flow<S, Context>) =>
    refusing(
      flow
        .step('shred', shred)
        .action('certify', actions.dataCertify, ({ kept, ...scope }) => ({ ...orderOf(scope), backup: kept })),
      'certify',
    ).step('certificate', {
      grant: { deletion: { read: ['tenantId', 'certificate'], update: ['certificate'] } },
      run: async ({ session }, { input, certify }) => {
        if (certify.outcome === 'refused') throw new PaybillError('INTERNAL', 'a refused certificate goes another way')
        const certificate = map(certify.result, (made) => (made.kind === 'made' ? made.text : ''))
        await session.deletion.update({ where: { tenantId: input.tenantId }, set: { certificate } })
      },
    })

  return {
    provision: operation('tenant-provision', (start) =>
      start
        .step('begin', {
          grant: {
            tenant: { read: fields.tenant, update: ['phase'] },
            cell: { read: fields.cell, update: takenFields },
            reservation: { read: fields.reservation, create: fields.reservation, update: ['leasedUntil'] },
          },
          run: async ({ session, now }, { input }) => {
            const { isolation, region } = await moveTo(session, input, 'provisioning')
            const leasedUntil = new Date(now.getTime() + placeHeldMs)
            const { cell } = await reservationMake(session, { tenantId: input.tenantId, isolation, region, leasedUntil })
            await session.reservation.update({ where: { tenantId: input.tenantId }, set: { leasedUntil } })
            return { isolation, cell }
          },
          compensate: failing('provision', 'provision_failed'),
        })
        .step('key', {
          grant: { wrappedKey: { read: ['tenantId', 'wrapped'], create: ['tenantId', 'wrapped'] } },
          run: ({ session }, { input }) => keys.create(keyStore(session), input.tenantId),
          compensate: shred,
        })
        .branch('isolation', ({ begin }) => begin.isolation, {
          pooled: (at) => made(at, 'database', actions.databaseCreate, actions.databaseDestroy),
          bridge: (at) => made(at, 'database', actions.databaseCreate, actions.databaseDestroy),
          silo: (at) =>
            made(
              made(at, 'server', actions.serverCreate, actions.serverDestroy),
              'database',
              actions.databaseCreate,
              actions.databaseDestroy,
            ),
        })
        .step('activate', {
          grant: {
            tenant: { read: fields.tenant, update: endFields },
            operation: { read: fields.operation, update: ['status', 'endedAt'] },
            reservation: { read: fields.reservation, update: ['leasedUntil'] },
            place: { read: fields.place, create: fields.place },
            invitation: { read: ['tenantId'], create: ['tenantId', 'tokenHash'] },
          },
          run: async ({ session, now }, { input, begin }) => {
            const { tenantId } = input
            await session.place.insert({ tenantId, ...begin, name: places.nameOf({ tenantId, isolation: begin.isolation }) })
            await reservationConfirm(session, tenantId)
            await session.invitation.insert({ tenantId, tokenHash: invitationHash(tenantId) })
            await session.tenant.update({ where: { id: tenantId }, set: { activeAt: now } })
            await operationEnd(session, {
              id: input.operation,
              tenantId,
              kind: 'provision',
              now,
              status: 'succeeded',
              phase: 'active',
            })
          },
        }),
    ),

    suspend: operation('tenant-suspend', (start) =>
      ended(
        stays(start, 'suspend', 'active').branch('isolation', ({ begin }) => begin.isolation, {
          pooled: (at) => at,
          bridge: (at) => made(at, 'database', actions.databaseClose, actions.databaseOpen),
          silo: (at) => made(at, 'server', actions.serverStop, actions.serverStart),
        }),
        'suspend',
        'suspended',
      ),
    ),

    resume: operation('tenant-resume', (start) =>
      ended(
        stays(start, 'resume', 'suspended').branch('isolation', ({ begin }) => begin.isolation, {
          pooled: (at) => at,
          bridge: (at) => made(at, 'database', actions.databaseOpen, actions.databaseClose),
          silo: (at) => made(at, 'server', actions.serverStart, actions.serverStop),
        }),
        'resume',
        'active',
      ),
    ),

    delete: operation('tenant-delete', (start) =>
      start
        .step('begin', {
          grant: {
            tenant: { read: fields.tenant, update: ['phase'] },
            place: { read: fields.place },
            reservation: { read: fields.reservation },
          },
          run: async ({ session }, { input }) => {
            const before = await moveTo(session, input, 'deprovisioning')
            return placeOf(session, before)
          },
          compensate: failing('delete', 'deprovision_failed'),
        })
        .branch('isolation', ({ begin }) => begin.isolation, {
          // A tenant that was never provisioned has no place, and nothing to be taken apart.
          none: (at) => at,
          pooled: (at) => certified(gone(kept(at), 'database', actions.databaseDestroy)),
          bridge: (at) => certified(gone(kept(at), 'database', actions.databaseDestroy)),
          silo: (at) => certified(gone(gone(kept(at), 'database', actions.databaseDestroy), 'server', actions.serverDestroy)),
        })
        .step('release', {
          grant: {
            tenant: { read: fields.tenant, update: endFields },
            operation: { read: fields.operation, update: ['status', 'endedAt'] },
            cell: { read: fields.cell, update: takenFields },
            reservation: { read: fields.reservation, delete: true },
            place: { read: ['tenantId'], delete: true },
            invitation: { read: ['tenantId'], delete: true },
          },
          run: async ({ session, now }, { input }) => {
            const { tenantId } = input
            await session.place.delete({ where: { tenantId } })
            await session.invitation.delete({ where: { tenantId } })
            await reservationRelease(session, tenantId)
            await operationEnd(session, {
              id: input.operation,
              tenantId,
              kind: 'delete',
              now,
              status: 'succeeded',
              phase: 'deleted',
            })
          },
        }),
    ),
  }
}

const fields = {
  tenant: fieldsOf(tenantTables.tenant),
  operation: fieldsOf(tenantTables.operation),
  place: fieldsOf(tenantTables.place),
  cell: fieldsOf(placementTables.cell),
  reservation: fieldsOf(placementTables.reservation),
}
const takenFields = ['pooledTaken', 'bridgeTaken', 'siloTaken'] as const
const endFields = ['phase', 'operation', 'failures', 'failedKind', 'failureReason', 'failedAt', 'activeAt'] as const

function fieldsOf(of: Table): readonly string[] {
  return Object.keys(of.columns)
}

function operation(name: string, build: (start: Flow<Start, Context>) => { readonly nodes: Flow<Start, Context>['nodes'] }) {
  const input = z.object({ tenantId: z.string(), operation: z.uuid() })
  return workflow(name, { version: 1, schema: controlSchema, input }, build)
}

async function moveTo(session: Session, { tenantId }: OperationInput, phase: Phase) {
  const tenant = await tenantFetch(session, tenantId)
  await session.tenant.update({ where: { id: tenantId }, set: { phase } })
  return tenant
}

/** Where a tenant lives; where something was begun and failed, the place that was reserved, in case anything is left there. */
async function placeOf(
  session: Session,
  { id: tenantId, phase }: TenantRow,
): Promise<{ readonly isolation: Isolation | 'none'; readonly cell: string }> {
  const place = await session.place.findFirst({ where: { tenantId }, select: ['isolation', 'cell'] })
  if (place !== null) return place
  const reservation = phase === 'pending' ? null : await reservationFetch(session, tenantId)
  return reservation === null ? { isolation: 'none', cell: '' } : { isolation: reservation.isolation, cell: reservation.cell }
}

/** Begins an operation that leaves the phase as it is until its end. */
function stays(start: Flow<Start, Context>, kind: OperationKind, phase: Phase) {
  return start.step('begin', {
    grant: { place: { read: fields.place } },
    run: async ({ session }, { input }) => {
      const place = await session.place.findFirst({ where: { tenantId: input.tenantId }, select: ['isolation', 'cell'] })
      if (place === null) throw new PaybillError('INTERNAL', `tenant \`${input.tenantId}\` is ${phase} and has no place`)
      return place
    },
    compensate: failing(kind, phase),
  })
}

/** The last step of an operation: the phase moves and the tenant is free. */
function ended<S extends Start>(flow: Flow<S, Context>, kind: OperationKind, phase: Phase) {
  return flow.step('end', {
    grant: {
      tenant: { read: fields.tenant, update: endFields },
      operation: { read: fields.operation, update: ['status', 'endedAt'] },
    },
    run: ({ session, now }, { input }) =>
      operationEnd(session, { id: input.operation, tenantId: input.tenantId, kind, now, status: 'succeeded', phase }),
  })
}

/** How an operation ends that could not be carried out: as its first step's compensation, after all others. */
function failing(kind: OperationKind, phase: Phase) {
  return {
    grant: {
      tenant: { read: fields.tenant, update: endFields },
      operation: { read: fields.operation, update: ['status', 'endedAt'] },
    },
    run: ({ session, now }: Context, { input }: Start) =>
      operationEnd(session, {
        id: input.operation,
        tenantId: input.tenantId,
        kind,
        now,
        status: 'failed',
        phase,
        reason: 'it could not be carried out and was undone; its run says where',
      }),
  } as const
}

type Outcome<R = PlaceMade | PlaceRefused> = ActionOutcome<R>

/** Makes a part of the place, to be unmade where something fails later. A refusal fails the operation. */
function made<S extends Begun, const N extends string>(
  flow: Flow<S, Context>,
  name: N,
  make: PlaceAction,
  undo: PlaceAction,
): Flow<S & { readonly [K in N]: Outcome }, Context> {
  return refusing(flow.action(name, make, orderOf, { compensate: { action: undo, values: orderOf } }), name)
}

/** Takes a part of the place apart. There is no way back from here, so nothing is undone: the operation is tried again. */
function gone<S extends Leaving, const N extends string>(
  flow: Flow<S, Context>,
  name: N,
  destroy: PlaceAction,
): Flow<S & { readonly [K in N]: Outcome }, Context> {
  return refusing(flow.action(name, destroy, orderOf), name)
}

type Answer = { readonly kind: 'made' | 'refused' }

/** What is refused fails the operation. */
function refusing<S extends Start & { readonly [K in N]: Outcome<Answer> }, const N extends string>(
  flow: Flow<S, Context>,
  name: N,
): Flow<S, Context> {
  const kindOf = (scope: S): Labeled<'made' | 'refused'> | 'refused' => {
    const outcome: Outcome<Answer> = scope[name]
    return outcome.outcome === 'done' ? pick(outcome.result, 'kind') : 'refused'
  }
  return flow.branch(`${name}-made`, kindOf, {
    made: (at) => at,
    refused: (at) =>
      at.step('fail', {
        grant: {},
        run: () => Promise.reject(new PaybillError('EXTERNAL_FAILED', `\`${name}\` was refused`)),
        limits: { attempts: 1 },
      }),
  })
}

function orderOf({ input, begin }: Leaving): PlaceOrder {
  const { isolation, cell } = begin
  // The branch leads here for tenants that have a place.
  if (isolation === 'none') throw new PaybillError('INTERNAL', 'a tenant without a place has none to be changed')
  return { tenantId: input.tenantId, isolation, cell, operation: input.operation }
}
