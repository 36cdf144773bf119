// What a bank must do for bill-pay to rely on it. The fake passes these cases in the tests; a real payment service, or
// its sandbox behind an adapter with the same interface, can be measured with:
//   node examples/bill-pay/test/fake-bank/conformance.ts URL
// The cases make payments of 1.00 NOK to a made-up account, under a payer name that is new in each run.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { bankClient } from '../../src/bank-client.ts'

/** One thing a bank must do. `run` rejects where it does not. */
export type ConformanceCase = { readonly name: string; readonly run: (baseUrl: string) => Promise<void> }

type Order = Readonly<Record<string, unknown>>

export const bankCases: readonly ConformanceCase[] = [
  {
    name: 'a payment is answered with 201, an id and what was asked for',
    async run(baseUrl) {
      const order = newOrder()
      const reply = await post(baseUrl, { key: randomUUID(), order })
      assert.equal(reply.status, 201)
      const { id, status, payer, account, amount } = asObject(reply.body)
      assert.ok(typeof id === 'string' && id !== '')
      assert.deepEqual(
        { status, payer, account, amount },
        { status: 'accepted', payer: order['payer'], account: order['account'], amount: order['amount'] },
      )
    },
  },
  {
    name: 'the same key with the same order gives the same payment, says so and pays once',
    async run(baseUrl) {
      const order = newOrder()
      const key = randomUUID()
      const first = await post(baseUrl, { key, order })
      const second = await post(baseUrl, { key, order: Object.fromEntries(Object.entries(order).toReversed()) })
      assert.ok(second.status === 200 || second.status === 201)
      assert.equal(second.headers.get('idempotent-replayed'), 'true')
      assert.equal(first.headers.get('idempotent-replayed'), null)
      assert.deepEqual(second.body, first.body)
      assert.equal((await paymentsOf(baseUrl, order)).length, 1)
    },
  },
  {
    name: 'ten calls at once with one key pay once',
    async run(baseUrl) {
      const order = newOrder()
      const key = randomUUID()
      const replies = await Promise.all(Array.from({ length: 10 }, () => post(baseUrl, { key, order })))
      assert.equal(new Set(replies.map(({ body }) => asObject(body)['id'])).size, 1)
      assert.equal((await paymentsOf(baseUrl, order)).length, 1)
    },
  },
  {
    name: 'the same key with another order is refused with 422 and pays nothing',
    async run(baseUrl) {
      const order = newOrder()
      const key = randomUUID()
      await post(baseUrl, { key, order })
      const reply = await post(baseUrl, { key, order: { ...order, amount: { minor: '999900', currency: 'NOK' } } })
      assert.equal(reply.status, 422)
      assert.match(reply.headers.get('content-type') ?? '', /^application\/problem\+json/)
      assert.equal((await paymentsOf(baseUrl, order)).length, 1)
    },
  },
  {
    name: 'another key pays a second time, and the bank can say what was paid twice',
    async run(baseUrl) {
      const order = newOrder()
      await post(baseUrl, { key: randomUUID(), order })
      await post(baseUrl, { key: randomUUID(), order })
      assert.equal((await paymentsOf(baseUrl, order)).length, 2)
      const counts = asObject((await get(baseUrl, '/counts')).body)
      const doubled = asList(counts['doubled']).map(asObject)
      const mine = doubled.filter(({ payer }) => payer === order['payer'])
      assert.equal(mine.length, 1)
      assert.equal(asList(mine[0]?.['payments']).length, 2)
    },
  },
  {
    name: 'two amounts under one invoice number are two payments and not a double one',
    async run(baseUrl) {
      const order = newOrder()
      await post(baseUrl, { key: randomUUID(), order })
      await post(baseUrl, { key: randomUUID(), order: { ...order, amount: { minor: '200', currency: 'NOK' } } })
      const counts = asObject((await get(baseUrl, '/counts')).body)
      assert.ok(!asList(counts['doubled']).some((entry) => asObject(entry)['payer'] === order['payer']))
    },
  },
  {
    name: 'a malformed order is refused with 400, and the answer names the field',
    async run(baseUrl) {
      const good = newOrder()
      const wrong: readonly (readonly [string, Order])[] = [
        ['amount.minor', { ...good, amount: { minor: '1.50', currency: 'NOK' } }],
        ['amount.minor', { ...good, amount: { minor: 100, currency: 'NOK' } }],
        ['amount.minor', { ...good, amount: { minor: '-100', currency: 'NOK' } }],
        ['amount.minor', { ...good, amount: { minor: '0', currency: 'NOK' } }],
        ['amount.currency', { ...good, amount: { minor: '100', currency: 'nok' } }],
        ['amount', { ...good, amount: '100 NOK' }],
        ['account', { ...good, account: 'not an account' }],
        ['payer', { ...good, payer: '' }],
        ['invoiceNumber', { ...good, invoiceNumber: undefined }],
        ['priority', { ...good, priority: 'high' }],
      ]
      for (const [field, order] of wrong) {
        const reply = await post(baseUrl, { key: randomUUID(), order })
        assert.equal(reply.status, 400, `${field} in ${JSON.stringify(order)}`)
        assert.equal(asObject(reply.body)['field'], field)
      }
      assert.equal((await paymentsOf(baseUrl, good)).length, 0)
    },
  },
  {
    name: 'an order without a key is refused with 400 and pays nothing',
    async run(baseUrl) {
      const order = newOrder()
      const reply = await post(baseUrl, { key: null, order })
      assert.equal(reply.status, 400)
      assert.equal((await paymentsOf(baseUrl, order)).length, 0)
    },
  },
  {
    name: 'a body that is not JSON, or is too long, is refused and the bank goes on',
    async run(baseUrl) {
      const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() }
      const broken = await fetch(new URL('/payments', baseUrl), { method: 'POST', headers, body: '{"payer":' })
      assert.equal(broken.status, 400)
      const order = { ...newOrder(), reference: 'x'.repeat(200_000) }
      // A service may also close the connection on a body that it does not want to read to its end.
      const long = await post(baseUrl, { key: randomUUID(), order }).catch(() => null)
      assert.ok(long === null || long.status === 413 || long.status === 400)
      assert.equal((await post(baseUrl, { key: randomUUID(), order: newOrder() })).status, 201)
    },
  },
  {
    name: 'a payment is found by its key, and a key that was never used is not',
    async run(baseUrl) {
      const key = `a key/with ? & %2F #${randomUUID()}`.replaceAll(' ', '_')
      const paid = await post(baseUrl, { key, order: newOrder() })
      const found = await get(baseUrl, `/payments/by-key/${encodeURIComponent(key)}`)
      assert.equal(found.status, 200)
      assert.deepEqual(found.body, paid.body)
      assert.equal((await get(baseUrl, `/payments/by-key/${randomUUID()}`)).status, 404)
    },
  },
  {
    name: "a payer sees his own payments and nobody else's",
    async run(baseUrl) {
      const mine = newOrder()
      const others = newOrder()
      await post(baseUrl, { key: randomUUID(), order: mine })
      await post(baseUrl, { key: randomUUID(), order: others })
      const list = await paymentsOf(baseUrl, mine)
      assert.deepEqual(
        list.map(({ payer }) => payer),
        [mine['payer']],
      )
    },
  },
  {
    name: 'the client of bill-pay pays, finds what it paid, and hears of a reused key',
    async run(baseUrl) {
      const bank = bankClient(baseUrl)
      const amount = { minor: 100n, currency: 'NOK' }
      const payment = { payer: `payer ${randomUUID()}`, account: 'NO9386011117947', amount, invoiceNumber: 'A/17', reference: '' }
      const idempotencyKey = randomUUID()
      const answer = await bank.pay(payment, { idempotencyKey })
      assert.equal(answer.kind, 'accepted')
      const found = await bank.find(idempotencyKey)
      assert.deepEqual(found?.amount, amount)
      assert.equal(found?.id, answer.kind === 'accepted' ? answer.id : null)
      assert.equal(await bank.find(randomUUID()), null)
      await assert.rejects(bank.pay({ ...payment, account: 'NO0286011117950' }, { idempotencyKey }), { code: 'CONFLICT' })
    },
  },
]

function newOrder(): Order {
  return {
    payer: `payer ${randomUUID()}`,
    account: 'NO9386011117947',
    amount: { minor: '100', currency: 'NOK' },
    invoiceNumber: 'Ærfugl-2026/17',
    reference: 'KID 2345676',
  }
}

type Reply = { readonly status: number; readonly headers: Headers; readonly body: unknown }

async function post(baseUrl: string, { key, order }: { readonly key: string | null; readonly order: Order }): Promise<Reply> {
  const headers = { 'content-type': 'application/json', ...(key === null ? {} : { 'idempotency-key': key }) }
  return replyOf(await fetch(new URL('/payments', baseUrl), { method: 'POST', headers, body: JSON.stringify(order) }))
}

async function get(baseUrl: string, path: string): Promise<Reply> {
  return replyOf(await fetch(new URL(path, baseUrl)))
}

async function replyOf(response: Response): Promise<Reply> {
  return { status: response.status, headers: response.headers, body: await response.json() }
}

async function paymentsOf(baseUrl: string, order: Order): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const reply = await get(baseUrl, `/payments?payer=${encodeURIComponent(String(order['payer']))}`)
  assert.equal(reply.status, 200)
  return asList(asObject(reply.body)['payments']).map(asObject)
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value))
  return Object.fromEntries(Object.entries(value))
}

function asList(value: unknown): readonly unknown[] {
  assert.ok(Array.isArray(value))
  return value
}

if (import.meta.main) {
  const [, , baseUrl] = process.argv
  if (baseUrl === undefined) {
    process.stderr.write('say which bank: node conformance.ts URL\n')
    process.exit(2)
  }
  for (const { name, run } of bankCases) {
    try {
      await run(baseUrl)
      process.stdout.write(`passed  ${name}\n`)
    } catch (error) {
      process.exitCode = 1
      process.stdout.write(`FAILED  ${name}: ${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
}
