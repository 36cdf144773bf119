// What the fake bank promises about its file: it is the truth about payments for whoever counts from outside.

import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { bankClient, type BankPayment } from '../../src/bank-client.ts'
import { openLedger, readLedger } from '../../src/fake-bank/ledger.ts'
import { bankFile, newLedgerFile, startBank } from './bank-process.ts'

const payment: BankPayment = {
  payer: 'Nordlys Kraft AS',
  account: 'NO9386011117947',
  amount: { minor: 12300n, currency: 'NOK' },
  invoiceNumber: '2026-0017',
  reference: '2345676',
}

test('a payment that was answered is in the file, and a bank that starts again knows it', async () => {
  const file = newLedgerFile()
  const first = await startBank(file)
  const paid = await bankClient(first.url).pay(payment, { idempotencyKey: 'key-1' })
  expect(readLedger(file).payments).toMatchObject([{ idempotencyKey: 'key-1', amount: { minor: '12300', currency: 'NOK' } }])
  await first.stop()
  const second = await startBank(file)
  expect(await bankClient(second.url).pay(payment, { idempotencyKey: 'key-1' })).toEqual(paid)
  expect(readLedger(file).payments).toHaveLength(1)
})

test('after kill -9 in the middle of many payments every answered one is there once, and the rest can be paid', async () => {
  const file = newLedgerFile()
  const first = await startBank(file)
  const keys = Array.from({ length: 120 }, (_, index) => `key-${index}`)
  const payAll = (url: string) =>
    Promise.allSettled(
      keys.map((key) => bankClient(url).pay({ ...payment, invoiceNumber: `invoice of ${key}` }, { idempotencyKey: key })),
    )
  const inFlight = payAll(first.url)
  while (!existsSync(file) || readLedger(file).payments.length < 20) await new Promise((resolve) => setImmediate(resolve))
  process.kill(first.processId, 'SIGKILL')
  const answered = (await inFlight).flatMap((result) =>
    result.status === 'fulfilled' && result.value.kind === 'accepted' ? [result.value.id] : [],
  )
  const ids = readLedger(file).payments.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids).toEqual(expect.arrayContaining(answered))

  const second = await startBank(file)
  expect((await payAll(second.url)).every(({ status }) => status === 'fulfilled')).toBe(true)
  expect(readLedger(file).payments).toHaveLength(keys.length)
  expect(readLedger(file).doubled).toEqual([])
})

test('a last line that was cut off is not counted, and the next payment takes its place', async () => {
  const file = newLedgerFile()
  const first = await startBank(file)
  await bankClient(first.url).pay(payment, { idempotencyKey: 'key-1' })
  await first.stop()
  const whole = readFileSync(file, 'utf8')
  appendFileSync(file, whole.replace('key-1', 'key-2').slice(0, -1))
  expect(readLedger(file).payments).toHaveLength(1)

  const second = await startBank(file)
  expect(await bankClient(second.url).find('key-2')).toBeNull()
  await bankClient(second.url).pay({ ...payment, invoiceNumber: '3' }, { idempotencyKey: 'key-3' })
  expect(readLedger(file).payments.map(({ idempotencyKey }) => idempotencyKey)).toEqual(['key-1', 'key-3'])
})

test('a broken line before the last one stops the bank instead of being skipped', async () => {
  const file = newLedgerFile()
  writeFileSync(file, '{"id":"payment-1"}\n{}\n')
  expect(() => readLedger(file)).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }))
  await expect(startBank(file)).rejects.toMatchObject({
    code: 'PROCESS_START_FAILED',
    message: expect.stringMatching(/line 1 of ledger/),
  })
})

test('an invoice that was paid under two keys is named as doubled, with both payments', async () => {
  const file = newLedgerFile()
  const bank = bankClient((await startBank(file)).url)
  await bank.pay(payment, { idempotencyKey: 'key-1' })
  await bank.pay({ ...payment, account: 'NO0286011117950' }, { idempotencyKey: 'key-2' })
  await bank.pay({ ...payment, invoiceNumber: '18' }, { idempotencyKey: 'key-3' })
  await bank.pay({ ...payment, payer: 'Sørlys Kraft AS' }, { idempotencyKey: 'key-4' })
  const { doubled } = readLedger(file)
  expect(doubled).toMatchObject([
    {
      payer: 'Nordlys Kraft AS',
      invoiceNumber: '2026-0017',
      payments: [{ idempotencyKey: 'key-1' }, { idempotencyKey: 'key-2' }],
    },
  ])
})

test('two banks never write one file', async () => {
  const file = newLedgerFile()
  const ledger = openLedger(file)
  const second = spawn(process.execPath, [bankFile, '--file', file, '--port', '0'], { stdio: ['ignore', 'ignore', 'pipe'] })
  const said = second.stderr.setEncoding('utf8').toArray()
  const [code] = await once(second, 'exit')
  expect(code).toBe(1)
  expect((await said).join('')).toMatch(/^ARGUMENT_INVALID: ledger `.*` is in use by another bank; /)
  ledger.close()
  await startBank(file)
})
