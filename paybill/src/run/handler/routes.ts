// The routes of the handler, below its base path: which method and path leads to what.

/** What a request asks for. */
export type Route =
  | { readonly kind: 'approval-list' }
  | { readonly kind: 'approval'; readonly id: string }
  | { readonly kind: 'decide'; readonly id: string; readonly verb: Verb }
  | { readonly kind: 'run-list' }
  | { readonly kind: 'run'; readonly id: string }

export type Verb = 'approve' | 'refuse'

export type Found =
  | { readonly kind: 'found'; readonly route: Route; readonly isApi: boolean }
  | { readonly kind: 'wrong-method'; readonly allow: string; readonly isApi: boolean }
  | { readonly kind: 'missing'; readonly isApi: boolean }

// Ids are uuids. Anything else leads nowhere, so it never reaches a query, a header or a link.
const id = '([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})'

const wholeId = new RegExp(`^${id}$`)

export function isId(text: string): boolean {
  return wholeId.test(text)
}

const table: readonly {
  readonly path: RegExp
  readonly method: 'GET' | 'POST'
  readonly route: (...captured: readonly string[]) => Route
}[] = [
  { path: /^(?:(?:api\/)?runs)?$/, method: 'GET', route: () => ({ kind: 'run-list' }) },
  { path: new RegExp(`^(?:api/)?runs/${id}$`), method: 'GET', route: (run = '') => ({ kind: 'run', id: run }) },
  { path: /^(?:api\/)?approvals$/, method: 'GET', route: () => ({ kind: 'approval-list' }) },
  {
    path: new RegExp(`^(?:api/)?approvals/${id}$`),
    method: 'GET',
    route: (approval = '') => ({ kind: 'approval', id: approval }),
  },
  {
    path: new RegExp(`^(?:api/)?approvals/${id}/(approve|refuse)$`),
    method: 'POST',
    route: (approval = '', verb = '') => ({ kind: 'decide', id: approval, verb: verb === 'approve' ? 'approve' : 'refuse' }),
  },
]

/** Finds the route of a request; HEAD counts as GET. `base` is empty, or begins with a slash and does not end with one. */
export function findRoute(base: string, request: { readonly method: string; readonly pathname: string }): Found {
  const { pathname } = request
  const below = pathname === base ? '' : pathname.startsWith(`${base}/`) ? pathname.slice(base.length + 1) : null
  const isApi = below !== null && (below === 'api' || below.startsWith('api/'))
  if (below === null) return { kind: 'missing', isApi }
  const method = request.method === 'HEAD' ? 'GET' : request.method
  for (const row of table) {
    const match = row.path.exec(below)
    if (match === null) continue
    if (row.method !== method) return { kind: 'wrong-method', allow: row.method === 'GET' ? 'GET, HEAD' : 'POST', isApi }
    return { kind: 'found', route: row.route(...match.slice(1)), isApi }
  }
  return { kind: 'missing', isApi }
}
