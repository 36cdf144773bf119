import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { redactor } from '../../src/terraform/redact.ts'

test('a secret is found as it is, in JSON, in a URL, in base64 and in hexadecimal', () => {
  const secrets = fc.string({ minLength: 6, unit: 'binary' }).filter((secret) => Buffer.from(secret).toString() === secret)
  fc.assert(
    fc.property(secrets, fc.string(), (secret, around) => {
      const shown = redactor([secret])
      const bytes = Buffer.from(secret)
      for (const form of [
        secret,
        JSON.stringify(secret).slice(1, -1),
        bytes.toString('base64').replace(/=+$/, ''),
        bytes.toString('hex'),
      ])
        expect(shown(`${around}${form}${around}`)).not.toContain(form)
    }),
  )
})

test('each line of a secret of several lines is found by itself', () => {
  const shown = redactor(['-----BEGIN-----\nfirst-line\nsecond-line\n'])
  expect(shown('x first-line y')).toBe('x (sensitive) y')
  expect(shown('second-line')).toBe('(sensitive)')
})

test('what holds no secret is left as it is, and an empty secret hides nothing', () => {
  expect(redactor(['canary', ''])('Apply complete! Resources: 1 added')).toBe('Apply complete! Resources: 1 added')
})
