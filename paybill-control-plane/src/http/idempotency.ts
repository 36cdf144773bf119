// A request that changes something takes effect once, however often it is sent under one Idempotency-Key.
//
// The key is claimed in a row before anything is done. What was changed is noted in that row by the transaction of the change
// itself, and the answer is kept after it. So a crash leaves one of two things: a claim without an effect, and then nothing was
// changed and a repeat makes it; or a claim with an effect, and then a repeat reads what was made and answers from that.
//
// A claim is held for a short time and renewed while its process lives, so that an abandoned one can be taken over. Time is
// the process's own here. That is enough: whoever takes a claim over writes his own name into it, and a former holder, however
// late he wakes, finds no row to note his effect in, which undoes the effect.

import { randomUUID } from 'node:crypto'
import type { Database } from 'paybill/database'
import { PaybillError } from 'paybill/lib'
import type { Alongside } from '../control-plane/control-plane.ts'
import type { ControlSchema } from '../control-database/schema.ts'
import { gateway } from './gateway.ts'

export type IdempotencyParts = {
  readonly organization: string
  readonly database: Database<ControlSchema>
  readonly now: () => Date
}

/** What is kept of an answer. A body is JSON. */
export type Answer = { readonly status: number; readonly location: string | null; readonly body: string }

/** Whose request it is, the key that he gave it, and a hash of what it asks for. */
export type KeyedRequest = { readonly person: string; readonly key: string; readonly fingerprint: string }

export type KeyedWork = {
  /** Makes the change, with `alongside` in its transaction, and answers. */
  readonly make: (alongside: Alongside) => Promise<Answer>
  /** Answers for a change that was made already, by the id that `alongside` was told. */
  readonly again: (effect: string) => Promise<Answer>
  /** The answer to an error that would come again for the same request; null for any other, after which the key is free. */
  readonly refusal: (error: unknown) => Answer | null
}

export type Idempotency = {
  /** Throws IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_IN_FLIGHT, or what `make` and `again` throw. */
  readonly run: (request: KeyedRequest, work: KeyedWork) => Promise<Answer & { readonly isRepeated: boolean }>
  /** Forgets what is older than its 24 hours. */
  readonly sweep: () => Promise<void>
}

const keptMs = 24 * 3_600_000
const claimMs = 30_000
const renewMs = 10_000
const mostTries = 5

export function createIdempotency(parts: IdempotencyParts): Idempotency {
  const store = new Store(parts)
  return {
    run: async (request, work) => {
      const taken = await store.take(request)
      if (taken.kind === 'answered') return { ...taken.answer, isRepeated: true }
      const { claim, effect } = taken
      const renewal = setInterval(() => void store.renew(claim), renewMs)
      try {
        const answer = effect === null ? await work.make(store.alongside(claim)) : await work.again(effect)
        await store.keep(claim, answer)
        return { ...answer, isRepeated: effect !== null }
      } catch (error) {
        const refusal = work.refusal(error)
        if (refusal !== null && (await store.keepRefusal(claim, refusal))) return { ...refusal, isRepeated: false }
        await store.release(claim)
        throw error
      } finally {
        clearInterval(renewal)
      }
    },
    sweep: () => store.sweep(),
  }
}

type Claim = { readonly person: string; readonly key: string; readonly claim: string }

type Taken =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'claimed'; readonly claim: Claim; readonly effect: string | null }

class Store {
  readonly #session: ReturnType<typeof gateway>
  readonly #now: () => Date

  constructor(parts: IdempotencyParts) {
    this.#session = gateway(parts)
    this.#now = parts.now
  }

  async take(request: KeyedRequest): Promise<Taken> {
    const { person, key, fingerprint } = request
    for (let tries = 0; tries < mostTries; tries += 1) {
      const claim = { person, key, claim: randomUUID() }
      if (await this.#insert(claim, fingerprint)) return { kind: 'claimed', claim, effect: null }
      const row = await this.#session.idempotentRequest.findFirst({ where: { person, key } })
      // It was released or forgotten between the two statements.
      if (row === null) continue
      if (row.expiresAt <= this.#now()) {
        await this.#session.idempotentRequest.delete({ where: { person, key, claim: row.claim } })
        continue
      }
      if (row.fingerprint !== fingerprint)
        throw new PaybillError('IDEMPOTENCY_KEY_REUSED', `\`${person}\` sent two requests under one key`)
      if (row.status !== null && row.body !== null)
        return { kind: 'answered', answer: { status: row.status, location: row.location, body: row.body } }
      if (row.claimedUntil > this.#now()) throw inFlight()
      const effect = await this.#takeOver(claim, row.claim)
      if (effect !== undefined) return { kind: 'claimed', claim, effect }
    }
    throw inFlight()
  }

  async #insert(claim: Claim, fingerprint: string): Promise<boolean> {
    try {
      const expiresAt = this.#in(keptMs)
      await this.#session.idempotentRequest.insert({ ...claim, fingerprint, claimedUntil: this.#in(claimMs), expiresAt })
      return true
    } catch (error) {
      if (error instanceof PaybillError && error.code === 'CONFLICT') return false
      throw error
    }
  }

  /** The effect of the former holder, or null where he had none. Undefined where somebody else was faster. */
  async #takeOver(mine: Claim, former: string): Promise<string | null | undefined> {
    const { person, key, claim } = mine
    const { count } = await this.#session.idempotentRequest.update({
      where: { person, key, claim: former, status: { isNull: true } },
      set: { claim, claimedUntil: this.#in(claimMs) },
    })
    if (count === 0) return undefined
    // INVARIANT: read after the claim is ours. Before it, the former holder could still note an effect.
    const row = await this.#session.idempotentRequest.findFirst({ where: mine, select: ['effect'] })
    return row?.effect
  }

  alongside({ person, key, claim }: Claim): Alongside {
    return async (tables, effect) => {
      const where = { person, key, claim, effect: { isNull: true } }
      const { count } = await tables.idempotentRequest.update({ where, set: { effect } })
      if (count === 0) throw new PaybillError('IDEMPOTENCY_IN_FLIGHT', 'somebody else has taken this request over')
    }
  }

  async keep(claim: Claim, answer: Answer): Promise<void> {
    await this.#session.idempotentRequest.update({ where: claim, set: answer })
  }

  /** Answers false where something was changed after all, or the claim is lost. */
  async keepRefusal(claim: Claim, answer: Answer): Promise<boolean> {
    const where = { ...claim, effect: { isNull: true } }
    const { count } = await this.#session.idempotentRequest.update({ where, set: answer }).catch(() => ({ count: 0 }))
    return count === 1
  }

  // Where the next two fail the claim runs out by itself, and what the caller is told is the error that came before.

  /** Frees the key where nothing was changed; where something was, leaves it to be taken over at once. */
  async release(claim: Claim): Promise<void> {
    const rows = this.#session.idempotentRequest
    const unanswered = { where: { ...claim, status: { isNull: true } }, set: { claimedUntil: this.#now() } }
    await rows
      .delete({ where: { ...claim, effect: { isNull: true } } })
      .then(({ count }) => (count === 0 ? rows.update(unanswered) : undefined))
      .catch(() => undefined)
  }

  async renew(claim: Claim): Promise<void> {
    const claimedUntil = this.#in(claimMs)
    await this.#session.idempotentRequest.update({ where: claim, set: { claimedUntil } }).catch(() => undefined)
  }

  async sweep(): Promise<void> {
    const now = this.#now()
    for (;;) {
      const old = await this.#session.idempotentRequest.findMany({
        where: { expiresAt: { le: now } },
        select: ['person', 'key', 'claim'],
        orderBy: { expiresAt: 'asc' },
        limit: 100,
      })
      for (const claim of old) await this.#session.idempotentRequest.delete({ where: claim })
      if (old.length < 100) return
    }
  }

  #in(ms: number): Date {
    return new Date(this.#now().getTime() + ms)
  }
}

function inFlight(): PaybillError {
  return new PaybillError('IDEMPOTENCY_IN_FLIGHT', 'the first request with this key is not answered yet')
}
