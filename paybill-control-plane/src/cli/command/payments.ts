// `paybillctl payments`: what a tenant was asked to pay, and the note that it was paid.

import { visible } from 'paybill/lib'
import type { PaymentRequest } from '../api.ts'
import { call, findServer } from '../client.ts'
import type { CliIo } from '../io.ts'
import { moneyText, momentText } from '../show.ts'
import { type Cell, printTable } from '../table.ts'
import { oneOf, readWords, wrong } from '../words.ts'

export async function paymentsCommand(words: readonly string[], io: CliIo): Promise<void> {
  const [given, ...rest] = words
  const verb = oneOf(given, ['list', 'paid'], 'the verb of `payments`')
  switch (verb) {
    case 'list': {
      const { options, names } = readWords(rest, { command: 'payments list', names: ['the id of a tenant'] })
      const [id = ''] = names
      const list = await call(findServer(options, io), 'paymentRequestList', { path: { id } })
      if (options.json === true) return io.out(JSON.stringify(list))
      return list.requests.length === 0 ? io.out('there are none') : print(io, list.requests)
    }
    case 'paid': {
      const { options, names } = readWords(rest, { command: 'payments paid', names: ['the id of a payment request'] })
      const [id = ''] = names
      const [, subscription, period] = /^([^/]+)\/([^/]+)$/.exec(id) ?? []
      if (subscription === undefined || period === undefined)
        throw wrong(`\`${visible(id)}\` is no id of a payment request, as \`paybillctl payments list\` shows it`)
      const paid = await call(findServer(options, io), 'paymentRequestPaid', { path: { subscription, period } })
      return options.json === true ? io.out(JSON.stringify(paid)) : print(io, [paid])
    }
    default:
      return verb satisfies never
  }
}

const statusCells = {
  open: { text: 'open', style: 'yellow' },
  paid: { text: 'paid', style: 'green' },
  void: { text: 'void', style: 'dim' },
} as const satisfies Record<PaymentRequest['status'], Cell>

function print(io: CliIo, requests: readonly PaymentRequest[]): void {
  printTable(
    io,
    [{ title: 'id', isWhole: true }, { title: 'amount', isWhole: true, isNumber: true }, { title: 'due' }, { title: 'status' }],
    requests.map(({ id, amount, dueAt, status }) => [
      { text: id },
      { text: moneyText(amount) },
      { text: momentText(dueAt) },
      statusCells[status],
    ]),
  )
}
