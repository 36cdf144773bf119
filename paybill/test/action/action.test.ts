import { expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { action, any, bounded, type BoundedWindow, choice, trusted } from '../../src/action/index.ts'
import { nok } from '../run/desk.ts'

const parts = {
  version: 1,
  arguments: { to: z.string(), text: z.string() },
  accepts: { to: trusted(), text: any() },
  recipient: 'mail:outside',
  recovery: { kind: 'park' },
  run: async () => 'sent',
} as const

const invalid = expect.objectContaining({ code: 'ACTION_INVALID' })

test('an action that says nothing more has the careful values: no influence, a few attempts, an approval that ends', () => {
  expect(action('mail.send', parts)).toMatchObject({
    name: 'mail.send',
    influence: 0,
    limits: { attempts: 5, timeoutMs: 10_000, approvalMs: 3 * 24 * 3_600_000 },
  })
  expect(trusted()).toEqual({ kind: 'trusted', influence: 0 })
})

test('an argument that does not say what it accepts is refused, by the type and when it is made', () => {
  // @ts-expect-error -- `text` does not say what it accepts
  expect(() => action('mail.send', { ...parts, accepts: { to: trusted() } })).toThrow(invalid)
})

test.each(['', 'Mail', 'mail send', '.mail', 'mail.', '7mail', 'mail..send'])('%j is no name of an action', (name) => {
  expect(() => action(name, parts)).toThrow(invalid)
})

test.each([0, -1, 1.5, Number.NaN])('%d is no version of an action', (version) => {
  expect(() => action('mail.send', { ...parts, version })).toThrow(invalid)
})

test('a choice that is narrowed by an argument which is not there is refused', () => {
  const to = choice({ table: 'payee', column: 'account', where: { number: 'nobody' } })
  expect(() => action('mail.send', { ...parts, accepts: { to, text: any() } })).toThrow(invalid)
})

test.each([
  ['two limits of one name', [day(['to']), day([])], /two limits/],
  ['a limit named like that of one call', [{ ...day([]), name: 'call' }], /two limits/],
  ['a limit kept by what is no argument', [day(['nobody'])], /`nobody`/],
])('an argument with %s is refused', (_what, per, message) => {
  const declaration = {
    ...parts,
    arguments: { to: z.string(), amount: z.object({ minor: z.bigint(), currency: z.string() }) },
    accepts: { to: trusted(), amount: bounded({ max: [nok(1n)], per, over: 'ask' }) },
  }
  expect(() => action('cash.pay', declaration)).toThrow(
    expect.objectContaining({ code: 'ACTION_INVALID', message: expect.stringMatching(message) }),
  )
})

function day(key: readonly string[]): BoundedWindow {
  return { name: 'day', key, window: 'day', max: [nok(1n)] }
}

test('the body of an action gets values of the declared types', () => {
  const made = action('cash.pay', {
    ...parts,
    arguments: { amount: z.object({ minor: z.bigint(), currency: z.string() }) },
    accepts: { amount: bounded({ max: [nok(1n)], over: 'deny' }) },
    run: async ({ values }) => {
      expectTypeOf(values).toEqualTypeOf<{ readonly amount: { minor: bigint; currency: string } }>()
      return values.amount.minor
    },
  })
  expectTypeOf(made.run).returns.resolves.toEqualTypeOf<bigint>()
  expect(made.arguments).toHaveProperty('amount')
})
