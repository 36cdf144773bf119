// The built-in page and JSON API: one web-standard handler, mountable in any server. It shows runs and approvals to people
// whom the host has signed in, and lets those with the right decide. It knows no model and no worker: nothing that a
// model wrote can lead to a decision here, only a request of a signed-in person can.
//
// Every request needs a sign-in; a tenant sees its own only, and what belongs to another is NOT_FOUND like what is not
// there. Values are shown to whom the rules let read every cell they came from, and to whoever has the right to decide on
// them; values of sensitive columns never, except to the one who decides.
//
//   GET  /?after=ID                   page: runs, and how many approvals wait
//   GET  /runs/ID                     page: the history of a run, refusals first
//   GET  /approvals?state=&after=ID   page: approvals
//   GET  /approvals/ID                page: one approval, with the buttons
//   POST /approvals/ID/approve|refuse form: `token` out of the page
//   GET  /api/runs?after=ID           { runs, waitingApprovals, next }: 200 runs, newest first
//   GET  /api/runs/ID?after=N         { run, entryCount, refusals, entries, next }: 500 entries after number N (default 0)
//   GET  /api/approvals?state=&after=ID
//                                     { approvals, next }: 200 approvals, oldest first; states joined by commas, or `all`;
//                                     default `waiting`
//   GET  /api/approvals/ID            { approval, registers }
//   POST /api/approvals/ID/approve|refuse  { approval }; needs the header `paybill-request` where no browser sends it
//
// What goes on after a page has a `next`, which is the `after` of the page that follows; the last page has null.
//
// Errors are application/problem+json (RFC 9457): { type, title, status, code, detail }.

import { randomBytes } from 'node:crypto'
import { PaybillError } from '../lib/errors.ts'
import {
  type Approval,
  approvalCountWaiting,
  approvalList,
  approvalListOfRun,
  type ApprovalState,
} from '../invoke/approval-store.ts'
import { entryList } from '../journal/append.ts'
import { type App, runtimeOf } from './app.ts'
import { approvalOf } from './approvals.ts'
import { approvalListPage, approvalPage, approvalStates } from './handler/approval-pages.ts'
import { actionOf, approvalView } from './handler/approval-view.ts'
import { readBody } from './handler/body.ts'
import { failurePage, type Frame } from './handler/layout.ts'
import { type RegisterView, registerViews } from './handler/register.ts'
import { failureOf, json, page, problem, protect, seeOther } from './handler/respond.ts'
import { findRoute, type Found, isId, type Route, type Verb } from './handler/routes.ts'
import { overviewPage, runPage } from './handler/run-pages.ts'
import { historyView, runView } from './handler/run-view.ts'
import { FormTokens, requireSameSite } from './handler/same-site.ts'
import type { Handler } from './handler/serve.ts'
import type { SignIn } from './handler/sign-in.ts'
import type { SignedIn } from './person.ts'
import { runFetch, runList } from './run-list.ts'
import type { Runtime } from './runtime.ts'
import { type Viewer, viewerOf } from './viewer.ts'

export type HandlerOptions = {
  /** Who sent a request, by the host's own identity. Null is nobody, who is shown nothing. */
  readonly signIn: SignIn
  /** Where the handler is mounted, such as `/paybill` (default: the root). */
  readonly basePath?: string
  /** Binds forms to the person they were made for. Give several handlers behind one address the same (default: random). */
  readonly formKey?: Uint8Array
  /** Told of errors that are not the caller's, with everything that he is not shown. */
  readonly onError?: (error: unknown, request: Request) => void
}

/**
 * Makes the handler.
 *
 * @example
 * const handler = createHandler(app, { signIn: async (request) => sessionOf(request) })
 * const response = await handler(new Request('https://example.com/api/approvals'))
 */
export function createHandler(app: App, options: HandlerOptions): Handler {
  const { signIn, formKey, onError } = options
  const ground = { base: basePath(options.basePath ?? ''), tokens: new FormTokens(formKey ?? randomBytes(32)), ...runtimeOf(app) }
  const site = new Site(app, ground)
  return async (request) => {
    const found = findRoute(site.base, { method: request.method, pathname: new URL(request.url).pathname })
    return protect(await answer(site, { signIn, onError: onError ?? (() => {}) }, request, found))
  }
}

function basePath(path: string): string {
  const trimmed = path.replace(/\/$/, '')
  if (trimmed !== '' && !/^(?:\/[\w.~-]+)+$/.test(trimmed))
    throw new PaybillError('ARGUMENT_INVALID', `base path \`${path}\` does not begin with a slash, or has odd characters`)
  return trimmed
}

async function answer(
  site: Site,
  options: { readonly signIn: SignIn; readonly onError: (error: unknown, request: Request) => void },
  request: Request,
  found: Found,
): Promise<Response> {
  let as: SignedIn | null = null
  try {
    const signedIn = await options.signIn(request)
    if (signedIn instanceof Response) return signedIn
    as = signedIn
    if (as === null) throw new PaybillError('SIGN_IN_REQUIRED', 'a request came from nobody')
    const viewer = await site.viewer(as)
    if (found.kind === 'missing') throw new PaybillError('NOT_FOUND', 'there is no such page')
    if (found.kind === 'wrong-method') throw new PaybillError('METHOD_NOT_ALLOWED', `\`${request.method}\` is not for this page`)
    return await site.answer(viewer, request, found.route, found.isApi)
  } catch (error) {
    const failure = failureOf(error)
    if (failure.status >= 500) options.onError(error, request)
    const response = found.isApi ? problem(failure) : page(failurePage(site.frame(as), failure), failure.status)
    if (failure.code === 'SIGN_IN_REQUIRED') response.headers.set('www-authenticate', 'Bearer')
    if (found.kind === 'wrong-method' && failure.code === 'METHOD_NOT_ALLOWED') response.headers.set('allow', found.allow)
    return response
  }
}

type Ground = Runtime & {
  readonly base: string
  readonly tokens: FormTokens
}

class Site {
  readonly base: string
  readonly #app: App
  readonly #ground: Ground

  constructor(app: App, ground: Ground) {
    this.base = ground.base
    this.#app = app
    this.#ground = ground
  }

  frame(as: SignedIn | null): Frame {
    return { base: this.base, now: this.#now(), as }
  }

  viewer(as: SignedIn): Promise<Viewer> {
    return viewerOf(this.#ground, as)
  }

  answer(viewer: Viewer, request: Request, route: Route, isApi: boolean): Promise<Response> {
    const query = new URL(request.url).searchParams
    switch (route.kind) {
      case 'run-list':
        return this.#runs(viewer, idAfter(query), isApi)
      case 'run':
        return this.#run(viewer, route.id, numberAfter(query), isApi)
      case 'approval-list':
        return this.#approvals(viewer, { states: statesOf(query), after: idAfter(query) }, isApi)
      case 'approval':
        return this.#approval(viewer, route.id, isApi)
      case 'decide':
        return this.#decide(viewer, request, route, isApi)
      default:
        return route satisfies never
    }
  }

  async #runs(viewer: Viewer, after: string | null, isApi: boolean): Promise<Response> {
    const { client } = this.#ground
    const { tenant } = viewer.as
    const { rows, next } = onePage(await runList(client, { tenant, states: null, after, limit: pageSize + 1 }))
    const runs = rows.map(runView)
    const waiting = await approvalCountWaiting(client, tenant)
    if (isApi) return json({ runs, waitingApprovals: waiting, next })
    return page(overviewPage(this.frame(viewer.as), { runs, waiting, next }))
  }

  async #run(viewer: Viewer, id: string, after: number, isApi: boolean): Promise<Response> {
    const { client, payloadKey } = this.#ground
    const { tenant } = viewer.as
    const row = await runFetch(client, tenant, id)
    // Read past `app.runs.history`, which gives out every value: here each entry is shown as this viewer may see it.
    const entries = await entryList(client, payloadKey(tenant), id)
    const history = historyView(viewer, row, entries, after)
    if (isApi) return json(history)
    const open = onePage(await approvalListOfRun(client, { tenant, runId: id, limit: pageSize + 1 }))
    const waiting = { approvals: open.rows.map((approval) => this.#view(viewer, approval)), areMore: open.next !== null }
    return page(runPage(this.frame(viewer.as), { history, after, waiting }))
  }

  async #approvals(
    viewer: Viewer,
    of: { readonly states: readonly ApprovalState[]; readonly after: string | null },
    isApi: boolean,
  ): Promise<Response> {
    const { tenant } = viewer.as
    const { rows, next } = onePage(await approvalList(this.#ground.client, { tenant, ...of, limit: pageSize + 1 }))
    const approvals = rows.map((approval) => this.#view(viewer, approval))
    if (isApi) return json({ approvals, next })
    return page(approvalListPage(this.frame(viewer.as), { states: of.states, approvals, next }))
  }

  async #approval(viewer: Viewer, id: string, isApi: boolean): Promise<Response> {
    const found = await approvalOf(this.#ground, viewer.as.tenant, id)
    const approval = this.#view(viewer, found)
    const registers = await this.#registers(viewer, found)
    if (isApi) return json({ approval, registers })
    const token = this.#ground.tokens.make(viewer.as, id)
    return page(approvalPage(this.frame(viewer.as), { approval, registers, token }))
  }

  /** The only place that decides. INVARIANT: it is reached by a signed-in person's own request and by nothing else. */
  async #decide(
    viewer: Viewer,
    request: Request,
    of: { readonly id: string; readonly verb: Verb },
    isApi: boolean,
  ): Promise<Response> {
    requireSameSite(request)
    const body = await readBody(request)
    if (!isApi) this.#ground.tokens.check(viewer.as, of.id, new URLSearchParams(body).get('token'))
    await this.#app.approvals[of.verb](viewer.as, of.id)
    if (!isApi) return seeOther(`${this.base}/approvals/${of.id}`)
    return json({ approval: this.#view(viewer, await approvalOf(this.#ground, viewer.as.tenant, of.id)) })
  }

  #view(viewer: Viewer, approval: Approval) {
    return approvalView(this.#ground.workflows, viewer, approval)
  }

  #registers(viewer: Viewer, approval: Approval): Promise<readonly RegisterView[]> {
    return registerViews(this.#ground, viewer, actionOf(this.#ground.workflows, approval), approval)
  }

  #now(): Date {
    return this.#ground.clock.now()
  }
}

function statesOf(query: URLSearchParams): readonly ApprovalState[] {
  const asked = query.get('state') ?? 'waiting'
  if (asked === 'all') return approvalStates
  return asked.split(',').map((word) => {
    const state = approvalStates.find((known) => known === word)
    if (state !== undefined) return state
    const shown = `\`state\` is \`all\`, or some of ${approvalStates.join(', ')} joined by commas`
    throw new PaybillError('ARGUMENT_INVALID', shown, { shown })
  })
}

const pageSize = 200

/** A page out of rows that were asked for with one more than it holds, and the id that the next one begins after. */
function onePage<Row extends { readonly id: string }>(
  found: readonly Row[],
): { readonly rows: readonly Row[]; readonly next: string | null } {
  const rows = found.slice(0, pageSize)
  return { rows, next: found.length > pageSize ? (rows.at(-1)?.id ?? null) : null }
}

function idAfter(query: URLSearchParams): string | null {
  const asked = query.get('after')
  if (asked === null || isId(asked)) return asked
  const shown = '`after` is the id that `next` gave'
  throw new PaybillError('ARGUMENT_INVALID', shown, { shown })
}

function numberAfter(query: URLSearchParams): number {
  const asked = query.get('after') ?? '0'
  if (/^\d{1,9}$/.test(asked)) return Number(asked)
  const shown = '`after` is the number of an entry'
  throw new PaybillError('ARGUMENT_INVALID', shown, { shown })
}
