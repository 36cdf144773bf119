// Our end of Terraform's `http` backend: reads and writes a workspace's state, and locks it, for whoever shows the token of
// the claim that holds it. Statuses are what Terraform makes of them: 423 and 409 show the body's lock, 503 is tried again.
//
// A plan's token reads and does nothing else; so a plan can neither write state nor touch a lock.

import { createHash } from 'node:crypto'
import { PaybillError } from 'paybill/lib'
import { claimOf } from './run-token.ts'
import { isTooLong, parseState, stateFetch, stateWrite } from './state-version.ts'
import { databaseNow, type Lock, maxStateBytes, type Seal, type TerraformSession, type TerraformStore } from './tables.ts'
import { lockRenew, newestLock, standingAt, workspaceTake } from './workspace-lock.ts'

/**
 * A handler for the workspaces of one organization. The last part of the address names the workspace; `/lease` behind it
 * is where the supervisor of a run renews its lease. Throws what is neither the caller's mistake nor an outage.
 *
 * @example const handler = stateBackend({ store, seal: (workspace) => sealOf(workspace) })
 */
export function stateBackend(options: {
  readonly store: TerraformStore
  readonly seal: (workspace: string) => Seal
}): (request: Request) => Promise<Response> {
  const { store, seal } = options
  return async (request) => {
    const place = /\/([a-z0-9][a-z0-9-]{0,62})(\/lease)?$/.exec(new URL(request.url).pathname)
    const workspace = place?.[1]
    if (workspace === undefined) return refuse(404, 'no such workspace')
    try {
      const claim = await claimOf(store, { workspace, authorization: request.headers.get('authorization') })
      if (claim === null) return refuse(401, 'the user and the token do not hold this workspace')
      const call: Call = { store, seal: seal(workspace), request, claim }
      return await (place?.[2] === undefined ? answerState(call) : answerLease(call))
    } catch (error) {
      // Terraform and the supervisor come again: what was asked for may be done then.
      if (error instanceof PaybillError && isPassing(error)) return refuse(503, 'the database does not answer')
      throw error
    }
  }
}

type Call = { readonly store: TerraformStore; readonly seal: Seal; readonly request: Request; readonly claim: Lock }

async function answerState(call: Call): Promise<Response> {
  const { method } = call.request
  if (method === 'GET') return answerGet(call)
  if (method !== 'POST' && method !== 'LOCK' && method !== 'UNLOCK')
    return refuse(405, 'this is done with GET, POST, LOCK and UNLOCK')
  if (call.claim.phase !== 'apply') return refuse(403, 'a plan may only read')
  switch (method) {
    case 'POST':
      return answerPost(call)
    case 'LOCK':
      return answerLock(call)
    case 'UNLOCK':
      return answerUnlock(call)
    default:
      return method satisfies never
  }
}

async function answerLease({ store, request, claim }: Call): Promise<Response> {
  if (request.method !== 'POST') return refuse(405, 'a lease is renewed with POST')
  const isRenewed = await store.transaction(async (tables) => lockRenew(tables, claim))
  return isRenewed ? new Response(null, { status: 200 }) : refuse(409, 'the claim is over')
}

async function answerGet({ store, seal, claim }: Call): Promise<Response> {
  const state = await stateFetch(store, { workspace: claim.workspace, seal })
  if (state === null) return refuse(404, 'there is no state yet')
  const body = new Uint8Array(state.bytes)
  return new Response(body, { headers: { 'content-type': 'application/json', 'content-md5': md5(body) } })
}

async function answerPost({ store, seal, request, claim }: Call): Promise<Response> {
  const bytes = new Uint8Array(await request.arrayBuffer())
  if (isTooLong(bytes)) return refuse(413, `a state may have ${maxStateBytes} bytes`)
  if (request.headers.get('content-md5') !== md5(bytes)) return refuse(400, 'the body is not the one that Content-MD5 speaks of')
  const state = parseState(bytes)
  if (state === null) return refuse(400, 'the body is no state')
  const lockId = new URL(request.url).searchParams.get('ID')
  return underClaim(store, claim, async (tables, lock) => {
    if (!lock.isLocked || lock.lockId !== lockId) return lockedResponse(409, lock, await databaseNow(tables))
    const { workspace, run } = claim
    const written = await stateWrite(tables, { workspace, state, seal, source: 'terraform', run })
    switch (written) {
      case 'written':
      case 'same':
        return new Response(null, { status: 200 })
      case 'other-lineage':
        return refuse(409, 'the state is of another lineage')
      case 'older-serial':
        return refuse(409, 'the serial of the state is an earlier one')
      case 'other-content':
        return refuse(409, 'another state has this serial')
      default:
        return written satisfies never
    }
  })
}

const maxLockInfoCharacters = 4_000

async function answerLock({ store, request, claim }: Call): Promise<Response> {
  const lockInfo = await request.text()
  const lockId = lockIdIn(lockInfo)
  if (lockId === null || lockInfo.length > maxLockInfoCharacters) return refuse(400, 'the body is no lock')
  return underClaim(store, claim, async (tables, lock) => {
    // The same id again is an answer that was lost on its way.
    if (lock.isLocked && lock.lockId !== lockId) return lockedResponse(423, lock, await databaseNow(tables))
    const { workspace, fence } = claim
    await tables.terraformLock.update({ where: { workspace, fence }, set: { lockId, lockInfo, isLocked: true } })
    return new Response(null, { status: 200 })
  })
}

async function answerUnlock({ store, request, claim }: Call): Promise<Response> {
  const lockId = lockIdIn(await request.text())
  return underClaim(store, claim, async (tables, lock) => {
    if (lockId === null || lock.lockId !== lockId) return lockedResponse(409, lock, await databaseNow(tables))
    const { workspace, fence } = claim
    await tables.terraformLock.update({ where: { workspace, fence }, set: { isLocked: false } })
    return new Response(null, { status: 200 })
  })
}

/** Takes the workspace and works on it while the request's claim is the newest and not given back; answers with who holds it where not. */
async function underClaim(
  store: TerraformStore,
  claim: Lock,
  work: (tables: TerraformSession, lock: Lock) => Promise<Response>,
): Promise<Response> {
  return store.transaction(async (tables) => {
    await workspaceTake(tables, claim.workspace)
    const newest = await newestLock(tables, claim.workspace)
    if (newest === null || newest.fence !== claim.fence || newest.isReleased)
      return lockedResponse(409, newest ?? claim, await databaseNow(tables))
    return work(tables, newest)
  })
}

/** Terraform's form of a lock: what it said of itself where it locked, else what is known of the claim. */
function lockedResponse(status: 409 | 423, lock: Lock, now: Date): Response {
  const standing = lock.isReleased ? { kind: 'free' as const } : standingAt(lock, now)
  const about =
    standing.kind === 'free' ? 'released' : standing.kind === 'live' ? 'live' : `orphaned since ${standing.since.toISOString()}`
  const said = lock.lockInfo === null ? {} : parseLockInfo(lock.lockInfo)
  const info = {
    Operation: lock.phase,
    Created: lock.renewedAt.toISOString(),
    Version: '',
    Path: lock.workspace,
    ...said,
    ID: lock.lockId ?? `claim-${lock.fence}`,
    Who: `run ${lock.run}`,
    Info: about,
  }
  return Response.json(info, { status })
}

function lockIdIn(text: string): string | null {
  const { ID } = parseLockInfo(text)
  return typeof ID === 'string' && ID !== '' && ID.length <= 200 ? ID : null
}

function parseLockInfo(text: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? { ...json } : {}
  } catch {
    return {}
  }
}

// A transaction that lost to another is as if it had not been asked for yet.
function isPassing(error: PaybillError): boolean {
  return error.status === 503 || error.code === 'CONFLICT' || error.code === 'LIMIT_TIME'
}

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64')
}

function refuse(status: number, text: string): Response {
  return new Response(`${text}\n`, { status, headers: { 'content-type': 'text/plain' } })
}
