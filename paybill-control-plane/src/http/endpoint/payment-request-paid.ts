import { changeEndpoint } from '../endpoint.ts'
import { paymentRequestForm, periodParameter, subscriptionIdParameter } from '../forms.ts'

// The id of a request holds a slash, which is a slash of the path here: `sub_…/3` stands in the address as it is, and no
// proxy has an escaped slash to decode.
export const paymentRequestPaidEndpoint = changeEndpoint({
  name: 'paymentRequestPaid',
  method: 'POST',
  path: '/v1/payment-requests/{subscription}/{period}/paid',
  summary: 'Takes note that a payment request is paid. Its id is subscription and period with the slash between them',
  pathForms: { subscription: subscriptionIdParameter, period: periodParameter },
  body: null,
  answer: { status: 200, form: paymentRequestForm, is: 'the payment request' },
  refusals: ['NOT_FOUND', 'CONFLICT'],
  make: ({ plane, by, path, alongside }) => plane.paymentRequestPaid(by, `${path.subscription}/${path.period}`, alongside),
  // A second time changes nothing.
  again: ({ plane, by, effect }) => plane.paymentRequestPaid(by, effect),
})
