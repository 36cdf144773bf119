import { PaybillError } from 'paybill/lib'
import { changeEndpoint } from '../endpoint.ts'
import { clockChangeForm, clockForm } from '../forms.ts'

const maxDays = 366

export const clockMoveEndpoint = changeEndpoint({
  name: 'clockMove',
  method: 'PUT',
  path: '/v1/clock',
  summary: `Moves the business time of a sandbox forward, at most ${maxDays} days at once; answers when everything due has happened`,
  pathForms: {},
  body: clockChangeForm,
  answer: { status: 200, form: clockForm, is: 'the business time' },
  refusals: ['CONFLICT'],
  make: async ({ plane, by, body, alongside }) => {
    const now = await plane.clockShow(by)
    if (body.now.getTime() - now.getTime() > maxDays * 86_400_000) {
      const message = `a clock is moved by at most ${maxDays} days at once`
      throw new PaybillError('ARGUMENT_INVALID', message, { shown: message })
    }
    await plane.clockAdvance(by, body.now, alongside)
    return { now: (await plane.clockShow(by)).toISOString() }
  },
  again: async ({ plane, by }) => ({ now: (await plane.clockShow(by)).toISOString() }),
})
