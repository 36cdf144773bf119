// `paybillctl plans`: what is sold.

import type { Plan } from '../api.ts'
import { call, findServer } from '../client.ts'
import type { CliIo } from '../io.ts'
import { moneyText } from '../show.ts'
import { printTable } from '../table.ts'
import { readWords } from '../words.ts'

export async function plansCommand(words: readonly string[], io: CliIo): Promise<void> {
  const { options } = readWords(words, { command: 'plans' })
  const list = await call(findServer(options, io), 'planList', {})
  if (options.json === true) return io.out(JSON.stringify(list))
  printTable(
    io,
    [
      { title: 'product' },
      { title: 'plan', isWhole: true },
      { title: 'version', isNumber: true },
      { title: 'isolation' },
      { title: 'begins' },
      { title: 'trial' },
      { title: 'price' },
    ],
    list.plans.map((plan) => [
      { text: plan.product },
      { text: plan.plan },
      { text: String(plan.version) },
      { text: plan.isolation },
      { text: plan.activation.replaceAll('_', ' ') },
      { text: plan.trialDays === null ? '–' : `${plan.trialDays} days` },
      { text: priceText(plan) },
    ]),
  )
}

function priceText({ prices }: Plan): string {
  const texts = prices.map(({ interval, flat, perSeat }) => {
    const seats = perSeat === null ? '' : ` and ${moneyText(perSeat)} a seat`
    return `${moneyText(flat)}${seats} a ${interval}`
  })
  return texts.length === 0 ? 'free' : texts.join(', or ')
}
