// `paybillctl clock`: the business time, and moving it in a sandbox.

import type { Clock } from '../api.ts'
import { call, findServer } from '../client.ts'
import type { CliIo } from '../io.ts'
import { momentText } from '../show.ts'
import { oneOf, readWords, spanMs } from '../words.ts'

export async function clockCommand(words: readonly string[], io: CliIo): Promise<void> {
  const [given, ...rest] = words
  const verb = oneOf(given, ['show', 'advance'], 'the verb of `clock`')
  switch (verb) {
    case 'show': {
      const { options } = readWords(rest, { command: 'clock show' })
      return print(io, options, await call(findServer(options, io), 'clockShow', {}))
    }
    case 'advance': {
      const { options, names } = readWords(rest, { command: 'clock advance', names: ['a span of time, such as `45d`'] })
      const aheadMs = spanMs(names[0] ?? '')
      const server = findServer(options, io)
      const { now } = await call(server, 'clockShow', {})
      const body = { now: new Date(Date.parse(now) + aheadMs).toISOString() }
      if (options.json !== true) io.progress('moving the clock, and everything that is due until then …')
      return print(io, options, await call(server, 'clockMove', { body }).finally(() => io.progress(null)))
    }
    default:
      return verb satisfies never
  }
}

function print(io: CliIo, options: { readonly json?: boolean }, clock: Clock): void {
  io.out(options.json === true ? JSON.stringify(clock) : momentText(clock.now))
}
