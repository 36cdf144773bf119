// The API of an organization of its own on a real socket, with keys for its people. Whatever it answers in a test is checked
// against the OpenAPI document.

import { randomUUID } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import type { ControlPlane } from '../../src/control-plane/control-plane.ts'
import type { SignUp } from '../../src/control-plane/sign-up.ts'
import { type ApiKeys, createApiKeys } from '../../src/http/api-key-store.ts'
import { createApi } from '../../src/http/api.ts'
import { createIdempotency, type Idempotency } from '../../src/http/idempotency.ts'
import { listenApi } from '../../src/http/listen.ts'
import type { OpenPlane, PlaneDatabase } from '../control-plane/plane.ts'
import { checkAgainstDocument } from './document-check.ts'

export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** What the text is as JSON; null for none. Tests look into it by `toMatchObject`. */
  readonly body: Readonly<Record<string, unknown>> | null
}

export type Asked = {
  /** Whose key is sent (default: olga, the operator); null for none. */
  readonly as?: string | null
  readonly body?: unknown
  /** The body as it is, and not as JSON. */
  readonly text?: string | Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

export type Site = Pick<OpenPlane, 'plane' | 'order' | 'world'> & {
  readonly url: string
  readonly keys: ApiKeys
  readonly keyOf: (person: string) => Promise<string>
  readonly idempotency: Idempotency
  readonly errors: readonly { readonly id: string; readonly error: unknown }[]
  readonly ask: (line: string, asked?: Asked) => Promise<Answer>
  /** Signs up, lets everything be provisioned and answers the id. */
  readonly settled: (change?: Partial<SignUp>) => Promise<string>
  readonly close: () => Promise<void>
}

export type SiteChange = {
  readonly now?: () => Date
  readonly newRequestId?: () => string
  readonly hosts?: readonly string[]
  /** Puts something between the API and its control plane. */
  readonly between?: (plane: ControlPlane) => ControlPlane
}

/** The API of what `open` opened; several of one organization stand beside each other, as several processes would. */
export async function openSite(open: OpenPlane, change: SiteChange = {}): Promise<Site> {
  const { plane, world, order, organization, database, principal } = open
  const { now = () => new Date(), between = (same) => same } = change
  const errors: { id: string; error: unknown }[] = []
  const keys = createApiKeys({ organization, database, principal, now })
  const idempotency = createIdempotency({ organization, database, now })
  const api = createApi({
    plane: between(plane),
    keys,
    idempotency,
    onError: (error, { id }) => void errors.push({ id, error }),
    ...(change.newRequestId === undefined ? {} : { newRequestId: change.newRequestId }),
    ...(change.hosts === undefined ? {} : { hosts: change.hosts }),
  })
  const url = await listenApi(api, { port: 0 })
  const texts = new Map<string, Promise<string>>()
  const keyOf = (person: string): Promise<string> => {
    const known = texts.get(person) ?? keys.make(person, { name: 'test', days: 1 })
    texts.set(person, known)
    return known
  }
  return {
    plane,
    order,
    world,
    url,
    keys,
    keyOf,
    idempotency,
    errors,
    ask: async (line, { as = 'olga', ...asked } = {}) => {
      const authorization = as === null ? {} : { authorization: `Bearer ${await keyOf(as)}` }
      const answer = await ask(url, line, { ...asked, headers: { ...authorization, ...asked.headers } })
      checkAgainstDocument(line, answer)
      return answer
    },
    settled: async (of) => {
      const { id } = await plane.signUp('olga', order(of))
      await plane.settle()
      return id
    },
    close: () => api.close(),
  }
}

/** Opens one organization with one API. */
export async function newSite(
  shared: PlaneDatabase,
  change: SiteChange & NonNullable<Parameters<PlaneDatabase['open']>[0]> = {},
): Promise<Site> {
  return openSite(await shared.open(change), change)
}

export function newKey(): { readonly 'idempotency-key': string } {
  return { 'idempotency-key': randomUUID() }
}

function ask(url: string, line: string, asked: Omit<Asked, 'as'>): Promise<Answer> {
  const [method = '', path = ''] = line.split(' ')
  const bytes = asked.text ?? (asked.body === undefined ? undefined : JSON.stringify(asked.body))
  const length = Buffer.byteLength(bytes ?? '')
  const type = bytes === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(length) }
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${url}${path}`, { method, headers: { ...type, ...asked.headers } }, (incoming) => {
      let text = ''
      incoming.setEncoding('utf8')
      incoming.on('data', (part: string) => (text += part))
      incoming.on('end', () => {
        const { statusCode: status = 0, headers } = incoming
        // Bodies of the API are objects.
        resolve({ status, headers, text, body: text === '' ? null : (JSON.parse(text) as Answer['body']) })
      })
    })
    sent.on('error', reject)
    sent.end(bytes)
  })
}
