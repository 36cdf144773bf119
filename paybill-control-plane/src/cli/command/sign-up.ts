// `paybillctl sign-up`: signs a company up, and watches it become active where that is asked for.

import { call, findServer } from '../client.ts'
import type { CliIo } from '../io.ts'
import { printTenant } from '../show.ts'
import { waitForTenant } from '../wait.ts'
import { count, needed, oneOf, readWords, wrong } from '../words.ts'

const text = { type: 'string' } as const

export async function signUpCommand(words: readonly string[], io: CliIo): Promise<void> {
  const { options } = readWords(words, {
    command: 'sign-up',
    options: {
      name: text,
      customer: text,
      email: text,
      region: text,
      product: text,
      plan: text,
      seats: text,
      currency: text,
      interval: text,
      wait: { type: 'boolean' },
    },
  })
  const { currency, interval } = options
  if ((currency === undefined) !== (interval === undefined)) throw wrong('`--currency` and `--interval` go together')
  const server = findServer(options, io)
  const body = {
    customer: { name: needed(options.customer, 'customer'), email: needed(options.email, 'email') },
    name: needed(options.name, 'name'),
    region: needed(options.region, 'region'),
    product: needed(options.product, 'product'),
    plan: needed(options.plan, 'plan'),
    seats: count(options.seats ?? '1', 'seats'),
    ...(currency === undefined ? {} : { price: { currency, interval: oneOf(interval, ['month', 'year'], '`--interval`') } }),
  }
  const made = await call(server, 'signUp', { body })
  const isJson = options.json === true
  const quiet = { progress: () => {} }
  const tenant = options.wait === true ? await waitForTenant(server, made.id, isJson ? quiet : io) : made
  if (isJson) io.out(JSON.stringify(tenant))
  else printTenant(io, tenant)
}
