// The control plane of one organization: what people and programs may ask of it. It writes down what should be, lets billing
// and the reconciler say what follows, and works on operations until nothing more happens by itself.

import type { Principal } from 'paybill/acl'
import type { Database, Session, SessionTables } from 'paybill/database'
import { assert, PaybillError } from 'paybill/lib'
import { type App, createApp } from 'paybill/run'
import type { PaymentRequestId } from '../billing/payment-request.ts'
import { previewTimeline } from '../billing/preview.ts'
import { paymentRequestPaid, subscriptionAdvance, subscriptionFetch, subscriptionListDue } from '../billing/store.ts'
import type { SubscriptionId } from '../billing/subscription.ts'
import type { ControlSchema } from '../control-database/schema.ts'
import { cellRecipient } from '../operation/place-actions.ts'
import { type Reconciler, reconciler, reconcilerId } from '../operation/reconciler.ts'
import { type OperationParts, operationWorkflows } from '../operation/workflows.ts'
import { accessOf } from '../tenant/access.ts'
import { diff } from '../tenant/desired.ts'
import { explainTenant } from '../tenant/explain.ts'
import { suspensionAdd, suspensionList, suspensionRemove, tenantFetch, tenantList } from '../tenant/store.ts'
import type { SuspensionReason } from '../tenant/suspension.ts'
import { businessNow, businessTimeMove } from './business-time.ts'
import { signUp, type SignUp } from './sign-up.ts'
import { accountsOfTenant, billingFacts, type Offer, policyOf } from './tenant-billing.ts'
import {
  type PaymentRequestView,
  paymentRequestViews,
  planViews,
  type PlanView,
  type RouteView,
  type RunView,
  tenantView,
  type TenantView,
  type TimelineView,
  timelineView,
} from './views.ts'

export type ControlPlaneParts = OperationParts & {
  readonly organization: string
  readonly database: Database<ControlSchema>
  readonly offer: Offer
  /** Who an id is now, with the roles of the control database (viewer, operator, router). Asked at each call. */
  readonly principal: (id: string) => Promise<Principal | null>
  /** The key under which payloads of the journal are bound. It lies outside the database. */
  readonly payloadKey: () => Uint8Array
  readonly newId: (prefix: 'ten' | 'cus' | 'sub') => string
  readonly newOperationId: () => string
  /** System time. */
  readonly now: () => Date
  readonly leaseMs?: number
}

/**
 * Runs in the transaction of a change, with the id of what is changed: what it writes stands or falls with the change, and
 * what it throws undoes it.
 */
export type Alongside = (tables: SessionTables<ControlSchema>, id: string) => Promise<void>

/** Each call is made by somebody, named by the id under which he signed in. Throws DENIED for somebody unknown. */
export type ControlPlane = {
  /** Throws what `signUp` throws; then nothing was made. */
  readonly signUp: (by: string, order: SignUp, alongside?: Alongside) => Promise<TenantView>
  readonly tenantShow: (by: string, id: string) => Promise<TenantView>
  /** In the order of their ids, `after` one of them, at most `limit` (1 to 1000). */
  readonly tenantList: (by: string, page: { readonly after?: string; readonly limit: number }) => Promise<readonly TenantView[]>
  /** Access is gone when this answers; infrastructure follows. */
  readonly tenantSuspend: (by: string, id: string, reason: SuspensionReason, alongside?: Alongside) => Promise<TenantView>
  /** Takes one reason away. Throws NOT_FOUND where it is not there. */
  readonly tenantResume: (by: string, id: string, reason: SuspensionReason, alongside?: Alongside) => Promise<TenantView>
  readonly tenantDelete: (by: string, id: string, alongside?: Alongside) => Promise<TenantView>
  /** What Terraform did for the tenant, oldest first. Empty where it has nothing to do, or is not found. */
  readonly tenantRuns: (by: string, id: string) => Promise<readonly RunView[]>
  /** What was signed when the tenant was deleted. Throws NOT_FOUND where it was not, or had nothing to be deleted. */
  readonly tenantCertificate: (by: string, id: string) => Promise<string>
  readonly tenantExplain: (by: string, id: string) => Promise<readonly string[]>
  /** What will happen if nobody pays, until a moment of business time. */
  readonly tenantPreview: (by: string, id: string, until: Date) => Promise<readonly TimelineView[]>
  readonly tenantRoute: (by: string, id: string) => Promise<RouteView>
  readonly paymentRequestList: (by: string, tenantId: string) => Promise<readonly PaymentRequestView[]>
  /** Takes note of a payment. A second time changes nothing. */
  readonly paymentRequestPaid: (by: string, id: string, alongside?: Alongside) => Promise<PaymentRequestView>
  readonly clockShow: (by: string) => Promise<Date>
  /**
   * Moves the business time of a sandbox, walking through every due date in order, infrastructure included. One that was
   * broken off goes on from where it came to; `alongside` runs with the last move, told the moment.
   */
  readonly clockAdvance: (by: string, to: Date, alongside?: Alongside) => Promise<void>
  /** What is sold, in its newest versions. */
  readonly planList: (by: string) => Promise<readonly PlanView[]>
  readonly reconciler: Reconciler
  readonly app: App
  /** Lets time and facts take effect on all tenants, and works until nothing more happens by itself. */
  readonly settle: (signal?: AbortSignal) => Promise<void>
}

export function createControlPlane(parts: ControlPlaneParts): ControlPlane {
  return new Plane(parts).api()
}

type Tables = SessionTables<ControlSchema>

class Plane {
  readonly #parts: ControlPlaneParts
  readonly #app: App
  readonly #reconciler: Reconciler
  readonly #system: Session<ControlSchema>

  constructor(parts: ControlPlaneParts) {
    const { organization, database } = parts
    const system: Principal = { id: reconcilerId, tenant: organization, roles: ['reconciler'], claims: {} }
    const workflows = operationWorkflows(parts)
    this.#parts = parts
    this.#system = database.session({ principal: system, purpose: 'reconcile' })
    this.#app = createApp({
      database,
      workflows: Object.values(workflows),
      recipients: { [cellRecipient]: { roles: ['cells'] } },
      principal: async (id, tenant) => (id === reconcilerId && tenant === organization ? system : parts.principal(id)),
      payloadKey: parts.payloadKey,
      ...(parts.leaseMs === undefined ? {} : { worker: { leaseMs: parts.leaseMs } }),
    })
    this.#reconciler = reconciler({
      organization,
      session: this.#system,
      app: this.#app,
      workflows,
      billing: (tenantId) => this.#billing(tenantId),
      newId: parts.newOperationId,
      now: parts.now,
    })
  }

  api(): ControlPlane {
    return {
      reconciler: this.#reconciler,
      app: this.#app,
      settle: (signal) => this.#settle(signal),
      signUp: async (by, order, alongside) => {
        const session = await this.#session(by)
        const id = await session.transaction(async (tables) => {
          const made = await signUp(tables, order, {
            offer: this.#parts.offer,
            newId: this.#parts.newId,
            systemNow: this.#parts.now(),
            businessNow: await this.#businessNow(tables),
          })
          await alongside?.(tables, made)
          return made
        })
        await this.#reconciler.look(id)
        return this.#view(session, id)
      },
      tenantShow: async (by, id) => this.#view(await this.#session(by), id),
      tenantList: async (by, page) => {
        const session = await this.#session(by)
        const rows = await tenantList(session, page)
        return Promise.all(rows.map(({ id }) => this.#view(session, id)))
      },
      tenantSuspend: (by, id, reason, alongside) =>
        this.#change({ by, id, alongside }, async (tables) => void (await suspensionAdd(tables, { tenantId: id, reason, by }))),
      tenantResume: (by, id, reason, alongside) =>
        this.#change({ by, id, alongside }, async (tables) => {
          if (await suspensionRemove(tables, { tenantId: id, reason })) return
          const message = `the tenant is not suspended for ${reason}`
          throw new PaybillError('NOT_FOUND', message, { shown: message })
        }),
      tenantDelete: (by, id, alongside) =>
        this.#change({ by, id, alongside }, async (tables) => {
          const where = { id, deletionAskedAt: { isNull: true } }
          await tables.tenant.update({ where, set: { deletionAskedAt: this.#parts.now() } })
        }),
      tenantRuns: async (by, id) => {
        const session = await this.#session(by)
        const { isolation } = await tenantFetch(session, id)
        const workspace = this.#parts.places.workspaceOf({ tenantId: id, isolation })
        if (workspace === null) return []
        const rows = await session.terraformRun.findMany({
          where: { workspace },
          select: ['id', 'kind', 'planHash', 'resultSerial', 'state'],
          orderBy: { createdAt: 'asc' },
        })
        return rows.map(({ resultSerial: serial, ...run }) => ({ tenant: id, serial, ...run }))
      },
      tenantCertificate: async (by, id) => {
        const session = await this.#session(by)
        await tenantFetch(session, id)
        const row = session.disclose(await session.deletion.findFirst({ where: { tenantId: id }, select: ['certificate'] }))
        const certificate = row?.certificate ?? null
        if (certificate !== null) return certificate
        const message = 'there is no certificate: the tenant is not deleted, or had nothing to be deleted'
        throw new PaybillError('NOT_FOUND', message, { shown: message })
      },
      tenantExplain: async (by, id) => {
        await tenantFetch(await this.#session(by), id)
        return explainTenant(await this.#reconciler.facts(id), this.#parts.now())
      },
      tenantPreview: async (by, id, until) => {
        const session = await this.#session(by)
        await tenantFetch(session, id)
        const accounts = await accountsOfTenant(session, id)
        const [first] = accounts
        if (first === undefined) throw new PaybillError('NOT_FOUND', `tenant \`${id}\` has no subscription`)
        const policy = policyOf(this.#parts.offer, first.subscription.terms)
        return previewTimeline(accounts, { policy, from: await this.#businessNow(session), until }).map(timelineView)
      },
      tenantRoute: async (by, id) => {
        const session = await this.#session(by)
        const tenant = await session.tenant.findFirst({ where: { id }, select: ['phase', 'isolation'] })
        if (tenant === null) throw new PaybillError('NOT_FOUND', `there is no tenant \`${id}\``)
        const place = await session.place.findFirst({ where: { tenantId: id }, select: ['cell', 'name', 'epoch'] })
        const suspensions = await suspensionList(session, id)
        // Whoever routes is told what billing says, and need not be let read it.
        const { standing } = await this.#billing(id)
        const { access, because } = accessOf({ phase: tenant.phase, suspensions, standing })
        const { cell = null, name: database = null, epoch = 0 } = place ?? {}
        return { tenant: id, access, because, cell, isolation: tenant.isolation, database, epoch }
      },
      paymentRequestList: async (by, tenantId) => {
        const session = await this.#session(by)
        await tenantFetch(session, tenantId)
        return paymentRequestViews(await accountsOfTenant(session, tenantId))
      },
      paymentRequestPaid: async (by, id, alongside) => {
        const session = await this.#session(by)
        // Ids of requests are branded where they are made; this one is looked up.
        const requestId = id as PaymentRequestId
        const { tenantId, paid } = await session.transaction(async (tables) => {
          const { subscription } = await this.#accountOfRequest(tables, requestId)
          const policy = policyOf(this.#parts.offer, subscription.terms)
          await paymentRequestPaid(tables, { requestId, at: await this.#businessNow(tables), policy })
          await alongside?.(tables, id)
          const views = paymentRequestViews([await this.#accountOfRequest(tables, requestId)])
          return { tenantId: subscription.terms.tenantId, paid: views.find((view) => view.id === id) }
        })
        assert(paid !== undefined, 'a request is among those of its own subscription')
        await this.#reconciler.look(tenantId)
        return paid
      },
      clockShow: async (by) => this.#businessNow(await this.#session(by)),
      clockAdvance: async (by, to, alongside) => this.#advance(await this.#session(by), to, alongside),
      planList: async (by) => {
        await this.#session(by)
        return planViews(this.#parts.offer.catalog)
      },
    }
  }

  async #session(by: string): Promise<Session<ControlSchema>> {
    const principal = await this.#parts.principal(by)
    if (principal === null) throw new PaybillError('DENIED', `\`${by}\` is not known`)
    const claims = { ...principal.claims, self: principal.id }
    return this.#parts.database.session({ principal: { ...principal, claims }, purpose: 'control plane' })
  }

  #businessNow(tables: Tables): Promise<Date> {
    return businessNow(tables, this.#parts.now())
  }

  async #billing(tenantId: string): Promise<ReturnType<typeof billingFacts>> {
    const accounts = await accountsOfTenant(this.#system, tenantId)
    return billingFacts(this.#parts.offer, accounts, await this.#businessNow(this.#system))
  }

  async #change(
    { by, id, alongside }: { readonly by: string; readonly id: string; readonly alongside: Alongside | undefined },
    change: (tables: Tables) => Promise<void>,
  ): Promise<TenantView> {
    const session = await this.#session(by)
    await session.transaction(async (tables) => {
      await tenantFetch(tables, id)
      await change(tables)
      await alongside?.(tables, id)
    })
    await this.#reconciler.look(id)
    return this.#view(session, id)
  }

  async #view(tables: Tables, id: string): Promise<TenantView> {
    const row = await tenantFetch(tables, id)
    const facts = await this.#reconciler.facts(id)
    const place = await tables.place.findFirst({ where: { tenantId: id }, select: ['cell', 'name', 'epoch'] })
    const accounts = await accountsOfTenant(tables, id)
    return tenantView({ row, facts, access: accessOf(facts), next: diff(facts, this.#parts.now()), accounts, place })
  }

  async #accountOfRequest(tables: Tables, requestId: PaymentRequestId) {
    const row = await tables.paymentRequest.findFirst({ where: { id: requestId }, select: ['subscriptionId'] })
    if (row === null) throw new PaybillError('NOT_FOUND', `there is no payment request \`${requestId.slice(0, 200)}\``)
    return subscriptionFetch(tables, row.subscriptionId as SubscriptionId) // it was branded when it was written
  }

  /** Lets time take effect on the subscriptions that it has changed. */
  async #letTimePass(): Promise<void> {
    const at = await this.#businessNow(this.#system)
    for (;;) {
      const due = await subscriptionListDue(this.#system, { now: at, limit: 100 })
      if (due.length === 0) return
      for (const { id } of due)
        await this.#system.transaction(async (tables) => {
          const { subscription } = await subscriptionFetch(tables, id)
          await subscriptionAdvance(tables, { id, at, policy: policyOf(this.#parts.offer, subscription.terms) })
        })
    }
  }

  async #settle(signal?: AbortSignal): Promise<void> {
    await this.#letTimePass()
    for (let round = 0; round < mostRounds; round += 1) {
      const seen = await this.#reconciler.lookAtAll()
      if (!seen.some(({ next }) => next.kind === 'start' || next.kind === 'working')) return
      await this.#app.work({ until: 'idle', ...(signal === undefined ? {} : { signal }) })
      if (signal?.aborted === true) return
    }
  }

  async #advance(session: Session<ControlSchema>, to: Date, alongside?: Alongside): Promise<void> {
    const move = (moment: Date, also?: Alongside) =>
      session.transaction(async (tables) => {
        await businessTimeMove(tables, { systemNow: this.#parts.now(), moment })
        await also?.(tables, moment.toISOString())
      })
    for (;;) {
      const next = await session.subscription.findFirst({
        where: { nextAt: { le: to } },
        select: ['nextAt'],
        orderBy: { nextAt: 'asc' },
      })
      const moment = next?.nextAt ?? null
      if (moment === null) break
      if (moment > (await this.#businessNow(session))) await move(moment)
      await this.#settle()
    }
    await move(to, alongside)
    await this.#settle()
  }
}

/** One operation after the other: to be deleted, an active tenant needs two. */
const mostRounds = 10
