// One entry of the journal: what happened, where in the run, and hashes that make a later change visible. The payload
// lies apart and is bound to the entry by an HMAC, so that erasing personal data leaves the chain verifiable.

import { labeledExtension } from '../label/labeled.ts'
import { decodeCanonical, encodeCanonical } from '../lib/canonical.ts'
import { PaybillError } from '../lib/errors.ts'
import { hmac, sha256 } from '../lib/hash.ts'

export type EntryKind =
  | 'run.started'
  | 'step.done'
  | 'branch.chosen'
  | 'each.expanded'
  | 'decide.asked'
  | 'decide.failed'
  | 'decide.done'
  | 'action.intent'
  | 'action.done'
  | 'action.refused'
  | 'action.asked'
  | 'approval.asked'
  | 'approval.decided'
  | 'approval.done'
  | 'leaf.failed'
  | 'run.ended'

export type Payload = Readonly<Record<string, unknown>>

/** An entry as it is read back, its hashes checked. */
export type Entry = {
  readonly number: number
  readonly kind: EntryKind
  readonly path: string
  readonly at: Date
  readonly payload: Payload
}

/** An entry ready to be written. */
export type SealedEntry = {
  readonly number: number
  readonly kind: EntryKind
  readonly path: string
  readonly at: string
  readonly body: string
  readonly payloadHmac: Buffer
  readonly hash: Buffer
}

/** Writes the payload down and computes both hashes. */
export function entrySeal(
  payloadKey: Uint8Array,
  entry: { readonly runId: string; readonly tenant: string } & Entry,
): SealedEntry {
  const body = encodeCanonical(entry.payload, [labeledExtension])
  const payloadHmac = hmac(payloadKey, `${entry.runId}/${entry.number}\n${body}`)
  const at = entry.at.toISOString()
  const hash = entryHash({ ...entry, at, payloadHmac })
  return { number: entry.number, kind: entry.kind, path: entry.path, at, body, payloadHmac, hash }
}

/** The content hash of an entry: SHA-256 over its fields as canonical JSON. */
export function entryHash(entry: {
  readonly tenant: string
  readonly runId: string
  readonly number: number
  readonly kind: string
  readonly path: string
  readonly at: string
  readonly payloadHmac: Uint8Array
}): Buffer {
  const { tenant, runId, number, kind, path, at } = entry
  return sha256(
    encodeCanonical({ tenant, runId, number, kind, path, at, payload: Buffer.from(entry.payloadHmac).toString('hex') }),
  )
}

/** The HMAC that binds a payload to its entry. */
export function payloadHmac(
  payloadKey: Uint8Array,
  place: { readonly runId: string; readonly number: number },
  body: string,
): Buffer {
  return hmac(payloadKey, `${place.runId}/${place.number}\n${body}`)
}

/** Reads a payload back. */
export function decodePayload(body: string): Payload {
  const payload = decodeCanonical(body, [labeledExtension])
  if (typeof payload !== 'object' || payload === null) throw new PaybillError('JOURNAL_BROKEN', 'a payload is no object')
  return Object.fromEntries(Object.entries(payload))
}

const kinds: ReadonlySet<string> = new Set<EntryKind>([
  'run.started',
  'step.done',
  'branch.chosen',
  'each.expanded',
  'decide.asked',
  'decide.failed',
  'decide.done',
  'action.intent',
  'action.done',
  'action.refused',
  'action.asked',
  'approval.asked',
  'approval.decided',
  'approval.done',
  'leaf.failed',
  'run.ended',
])

export function isEntryKind(kind: string): kind is EntryKind {
  return kinds.has(kind)
}
