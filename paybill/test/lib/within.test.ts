import { expect, test } from 'vitest'
import { within } from '../../src/lib/within.ts'

const late = (): Error => new Error('late')

test('work that is done in time gives its result, or its own failure', async () => {
  const { signal } = new AbortController()
  await expect(within(signal, Promise.resolve(7), late)).resolves.toBe(7)
  await expect(within(signal, Promise.reject(new Error('its own')), late)).rejects.toThrow('its own')
})

test('work that does not heed its signal is left behind', async () => {
  const stop = new AbortController()
  const never = within(stop.signal, new Promise(() => {}), late)
  stop.abort()
  await expect(never).rejects.toThrow('late')
  await expect(within(stop.signal, new Promise(() => {}), late)).rejects.toThrow('late')
})
