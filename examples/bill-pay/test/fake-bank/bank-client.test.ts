// What the client makes of a bank that misbehaves: it never takes an unknown outcome for a known one.

import { createServer, type RequestListener } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { bankClient, type BankPayment } from '../../src/bank-client.ts'
import { readLedger } from '../../src/fake-bank/ledger.ts'
import { newLedgerFile, startBank } from './bank-process.ts'

const payment: BankPayment = {
  payer: 'Nordlys Kraft AS',
  account: 'NO9386011117947',
  amount: { minor: 12300n, currency: 'NOK' },
  invoiceNumber: '2026-0017',
  reference: '2345676',
}

test('an account that the bank will not pay to is an answer with a reason, and no error', async () => {
  const file = newLedgerFile()
  const { url } = await startBank(file, ['--refuse-account', payment.account])
  const answer = await bankClient(url).pay(payment, { idempotencyKey: 'key-1' })
  expect(answer).toEqual({ kind: 'refused', reason: 'account `NO9386011117947` cannot be paid to' })
  expect(readLedger(file).payments).toEqual([])
  expect(await bankClient(url).pay({ ...payment, account: 'NO0286011117950' }, { idempotencyKey: 'key-1' })).toMatchObject({
    kind: 'accepted',
  })
})

test('a 503 is EXTERNAL_FAILED, nothing was paid, and the same key pays once afterwards', async () => {
  const file = newLedgerFile()
  const { url } = await startBank(file, ['--fail-every', '2'])
  const bank = bankClient(url)
  await bank.pay({ ...payment, invoiceNumber: '1' }, { idempotencyKey: 'key-1' })
  await expect(bank.pay(payment, { idempotencyKey: 'key-2' })).rejects.toMatchObject({ code: 'EXTERNAL_FAILED' })
  expect(await bank.find('key-2')).toBeNull()
  expect((await bank.pay(payment, { idempotencyKey: 'key-2' })).kind).toBe('accepted')
  expect(readLedger(file).payments).toHaveLength(2)
})

test('where the answer is lost the payment may have been made: EXTERNAL_FAILED, found by its key, not paid again', async () => {
  const file = newLedgerFile()
  const { url } = await startBank(file, ['--drop-answer-every', '1'])
  const bank = bankClient(url)
  await expect(bank.pay(payment, { idempotencyKey: 'key-1' })).rejects.toMatchObject({ code: 'EXTERNAL_FAILED' })
  const found = await bank.find('key-1')
  expect(found).toMatchObject({ invoiceNumber: '2026-0017', amount: { minor: 12300n } })
  expect(await bank.pay(payment, { idempotencyKey: 'key-1' })).toEqual({ kind: 'accepted', id: found?.id })
  expect(readLedger(file).payments).toHaveLength(1)
})

test('a bank that is slower than the limit is EXTERNAL_FAILED, although it pays in the end', async () => {
  const file = newLedgerFile()
  const { url } = await startBank(file, ['--delay-ms', '400'])
  const bank = bankClient(url, { answerTimeoutMs: 100 })
  await expect(bank.pay(payment, { idempotencyKey: 'key-1' })).rejects.toMatchObject({
    code: 'EXTERNAL_FAILED',
    message: 'the bank did not answer within 100 ms',
  })
  await expect.poll(() => bank.find('key-1'), { timeout: 5_000 }).toMatchObject({ idempotencyKey: 'key-1' })
})

test('the caller can give up, and then the outcome is unknown too', async () => {
  const { url } = await startBank(newLedgerFile(), ['--delay-ms', '5000'])
  const call = { idempotencyKey: 'key-1', signal: AbortSignal.timeout(50) }
  await expect(bankClient(url).pay(payment, call)).rejects.toMatchObject({ code: 'EXTERNAL_FAILED' })
})

test('a bank that cannot be reached is EXTERNAL_FAILED, for paying and for looking up', async () => {
  const bank = await startBank(newLedgerFile())
  await bank.stop()
  const client = bankClient(bank.url)
  await expect(client.pay(payment, { idempotencyKey: 'key-1' })).rejects.toMatchObject({ code: 'EXTERNAL_FAILED' })
  await expect(client.find('key-1')).rejects.toMatchObject({ code: 'EXTERNAL_FAILED' })
})

test('a field that the bank calls malformed is ARGUMENT_INVALID and names the field', async () => {
  const { url } = await startBank(newLedgerFile())
  const wrong = bankClient(url).pay({ ...payment, account: 'NO93 8601' }, { idempotencyKey: 'key-1' })
  await expect(wrong).rejects.toMatchObject({ code: 'ARGUMENT_INVALID', message: expect.stringMatching(/`account` must be/) })
})

test.each([
  ['a page of something that stands in front of the bank', 404, '<html>not found</html>'],
  ['an empty answer', 200, ''],
  ['a payment that was made under another key', 200, JSON.stringify(recordedAs({ idempotencyKey: 'key-9' }))],
  ['an answer without end', 200, 'x'.repeat(1_000_000)],
])('%s says neither that a payment was made nor that it was not', async (_what, status, body) => {
  const url = await startServer((_request, response) => response.writeHead(status).end(body))
  await expect(bankClient(url).find('key-1')).rejects.toMatchObject({ code: 'EXTERNAL_FAILED' })
  await expect(bankClient(url).pay(payment, { idempotencyKey: 'key-1' })).rejects.toMatchObject({ code: 'EXTERNAL_FAILED' })
})

test('an answer that names another account than was asked for is not taken for a payment', async () => {
  const body = JSON.stringify(recordedAs({ account: 'NO0286011117950' }))
  const url = await startServer((_request, response) => response.writeHead(201).end(body))
  await expect(bankClient(url).pay(payment, { idempotencyKey: 'key-1' })).rejects.toMatchObject({ code: 'EXTERNAL_FAILED' })
})

test('a redirect is not followed', async () => {
  const elsewhere = await startBank(newLedgerFile())
  const url = await startServer((_request, response) => response.writeHead(307, { location: `${elsewhere.url}/payments` }).end())
  await expect(bankClient(url).pay(payment, { idempotencyKey: 'key-1' })).rejects.toMatchObject({ code: 'EXTERNAL_FAILED' })
  expect(await bankClient(elsewhere.url).find('key-1')).toBeNull()
})

function recordedAs(change: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  const amount = { minor: payment.amount.minor.toString(), currency: payment.amount.currency }
  const acceptedAt = '2026-01-15T10:00:00.000Z'
  return { ...payment, amount, id: 'payment-1', status: 'accepted', idempotencyKey: 'key-1', acceptedAt, ...change }
}

async function startServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo // a server that listens on a port has an address of this kind
  return `http://127.0.0.1:${port}`
}
