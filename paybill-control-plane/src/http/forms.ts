// The forms of everything that goes in and out, by the names that they have in the OpenAPI document.

import { z } from 'zod'
import { suspensionReasons } from '../tenant/suspension.ts'
import { isolations } from '../placement/cell.ts'
import { operationKinds } from '../tenant/desired.ts'
import { type Phase, phaseMoves } from '../tenant/phase.ts'

const moment = () => z.iso.datetime({ offset: true })
const pattern = /^ten_[0-9a-z]{20}$/

/** Malformed ids are asked for as one that is never made, so that they are answered like every id that is not there. */
export const tenantIdParameter = z
  .string()
  .regex(pattern)
  .catch(`ten_${'0'.repeat(20)}`)
export const subscriptionIdParameter = z
  .string()
  .regex(/^sub_[0-9a-z]{20}$/)
  .catch(`sub_${'0'.repeat(20)}`)
export const periodParameter = z
  .string()
  .regex(/^[1-9]\d{0,5}$/)
  .catch('0')
  .describe('the number of the period')
export const reasonParameter = z.enum(suspensionReasons)
export const momentParameter = moment().transform((text) => new Date(text))

const suspensionReasonForm = z.enum(suspensionReasons)
const isolationForm = z.enum(isolations)
const accessForm = z.enum(['full', 'grace', 'restricted', 'blocked'])
// The keys of the table of phases.
const phases = Object.keys(phaseMoves) as [Phase, ...Phase[]]
const intervalForm = z.enum(['month', 'year'])

const moneyForm = z.object({
  minor: z
    .string()
    .regex(/^-?\d+$/)
    .describe('whole minor units, such as cents'),
  currency: z.string(),
})

export const signUpForm = z.strictObject({
  customer: z.strictObject({ name: z.string().min(1).max(200), email: z.email().max(254) }),
  name: z
    .string()
    .max(40)
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'expected lower-case letters, digits and single hyphens, beginning with a letter')
    .describe('what the address of the tenant is made of'),
  region: z.string().min(1).max(40),
  product: z.string().min(1).max(40),
  plan: z.string().min(1).max(40),
  seats: z.int().min(1).max(1_000_000).default(1),
  price: z
    .strictObject({ currency: z.string().regex(/^[A-Z]{3}$/, 'expected three capital letters'), interval: intervalForm })
    .optional()
    .describe('which price, where the plan has several'),
})

export const suspensionForm = z.strictObject({ reason: suspensionReasonForm })

export const tenantForm = z.object({
  id: z.string(),
  name: z.string(),
  customer: z.string(),
  product: z.string(),
  plan: z.object({ id: z.string(), version: z.int() }).nullable(),
  isolation: isolationForm,
  region: z.string(),
  phase: z.enum(phases),
  mode: z.enum(['observe', 'enforce']),
  access: accessForm,
  because: z.array(z.string()).describe('why access is what it is'),
  suspensions: z.array(z.object({ reason: suspensionReasonForm, by: z.string(), since: moment() })),
  place: z.object({ cell: z.string(), database: z.string().nullable(), epoch: z.int() }).nullable(),
  operation: z
    .object({ id: z.string(), kind: z.enum(operationKinds), waitsFor: z.string(), since: moment() })
    .nullable()
    .describe('what is at work on it'),
  next: z
    .object({ kind: z.enum(['start', 'working', 'wait', 'park', 'none']), what: z.string(), since: moment().nullable() })
    .describe('what happens next by itself'),
  createdAt: moment(),
  msToActive: z.int().nullable(),
})

export const tenantListForm = z.object({
  tenants: z.array(tenantForm),
  next: z.string().nullable().describe('the `after` of the page that follows; null on the last'),
})

export const explanationForm = z.object({ lines: z.array(z.string()) })

export const previewForm = z.object({ entries: z.array(z.object({ at: moment(), what: z.string() })) })

export const routeForm = z.object({
  tenant: z.string(),
  access: accessForm,
  because: z.array(z.string()),
  cell: z.string().nullable(),
  isolation: isolationForm,
  database: z.string().nullable(),
  epoch: z.int().describe('tells a newer answer from an older one'),
})

export const paymentRequestForm = z.object({
  id: z.string(),
  subscription: z.string(),
  amount: moneyForm,
  dueAt: moment(),
  status: z.enum(['open', 'paid', 'void']),
})

export const paymentRequestListForm = z.object({ requests: z.array(paymentRequestForm) })

export const certificateForm = z.object({
  certificate: z.string().describe('to be kept byte for byte: it is what was signed, with its signature'),
})

export const runListForm = z.object({
  runs: z.array(
    z.object({
      tenant: z.string(),
      id: z.string(),
      kind: z.enum(['apply', 'destroy']),
      state: z.string().describe('what it came to; `applied` is done'),
      planHash: z.string().nullable().describe('the SHA-256 of the plan that was applied; null before there is one'),
      serial: z.int().nullable().describe('the serial of the state that it left'),
    }),
  ),
})

export const clockForm = z.object({ now: moment().describe('business time') })
export const clockChangeForm = z.strictObject({ now: momentParameter })

const planForm = z.object({
  product: z.string(),
  plan: z.string(),
  version: z.int(),
  name: z.string(),
  isolation: isolationForm,
  activation: z.enum(['immediate', 'on_payment', 'on_approval']),
  trialDays: z.int().nullable(),
  prices: z
    .array(z.object({ interval: intervalForm, flat: moneyForm, perSeat: moneyForm.nullable() }))
    .describe('empty where the plan costs nothing'),
  hash: z.string(),
})

export const planListForm = z.object({ plans: z.array(planForm) })

export const healthForm = z.object({ status: z.literal('ok') })

export const documentForm = z.looseObject({ openapi: z.string() })

/** RFC 9457, with our code. */
export const problemForm = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string().describe('one of the codes of docs/errors.md'),
  detail: z.string(),
  instance: z.string().describe('names this one occurrence, as the log does'),
  errors: z
    .array(z.object({ pointer: z.string(), detail: z.string() }))
    .optional()
    .describe('every place of the request that is wrong'),
})

/** By the names of the document; what has no name is written out where it is used. */
export const namedForms: Readonly<Record<string, z.ZodType>> = {
  Money: moneyForm,
  SignUp: signUpForm,
  Suspension: suspensionForm,
  Tenant: tenantForm,
  TenantList: tenantListForm,
  Explanation: explanationForm,
  Preview: previewForm,
  Route: routeForm,
  RunList: runListForm,
  Certificate: certificateForm,
  PaymentRequest: paymentRequestForm,
  PaymentRequestList: paymentRequestListForm,
  Clock: clockForm,
  ClockChange: clockChangeForm,
  Plan: planForm,
  PlanList: planListForm,
  Health: healthForm,
  Document: documentForm,
  Problem: problemForm,
}
