// API keys, and the requests that came with an Idempotency-Key, as rows.

import { t, table } from 'paybill/schema'

const person = () => t.text({ maxLength: 120 }).trusted()

export const httpTables = {
  // A key is found by its prefix. Its secret is not here, only what the secret hashes to.
  apiKey: table(
    {
      tenant: t.tenant(),
      prefix: t.text({ maxLength: 12, pattern: '[0-9a-z]{12}' }).trusted(),
      secretHash: t.text({ maxLength: 64, pattern: '[0-9a-f]{64}' }).trusted().sensitive('credential'),
      person: person(),
      name: t.text({ maxLength: 100 }).trusted(),
      createdAt: t.timestamp(),
      expiresAt: t.timestamp(),
      lastUsedAt: t.timestamp().nullable(),
    },
    { primaryKey: ['tenant', 'prefix'], indexes: [['tenant', 'person']] },
  ),
  // A request that changes something, under the key that its sender gave it. `claim` is who works on it: whoever takes an
  // abandoned one over writes his own, and from then on the former can write nothing.
  idempotentRequest: table(
    {
      tenant: t.tenant(),
      person: person(),
      key: t.text({ maxLength: 200, pattern: '[!-~]+' }).trusted(),
      // SHA-256 of method, path and body.
      fingerprint: t.text({ maxLength: 64 }).trusted(),
      claim: t.uuid(),
      claimedUntil: t.timestamp(),
      // What was changed. INVARIANT: it is written in the transaction of the change itself.
      effect: t.text({ maxLength: 200 }).trusted().nullable(),
      // What was answered; null until it was.
      status: t.integer({ minimum: 200, maximum: 499 }).nullable(),
      location: t.text({ maxLength: 500 }).trusted().nullable(),
      body: t.text({ maxLength: 1_000_000 }).trusted().nullable(),
      expiresAt: t.timestamp(),
    },
    { primaryKey: ['tenant', 'person', 'key'], indexes: [['tenant', 'expiresAt']] },
  ),
} as const
