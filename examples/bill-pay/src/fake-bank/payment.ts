// What the fake bank is asked to do and what it has done: one payment, read strictly from JSON. Knows no file, no HTTP.

/** What a payer asks for. Amounts are minor units as a decimal string, because JSON numbers lose digits. */
export type PaymentOrder = {
  readonly payer: string
  readonly account: string
  readonly amount: { readonly minor: string; readonly currency: string }
  readonly invoiceNumber: string
  readonly reference: string
}

/** A payment that the bank has carried out. */
export type Payment = PaymentOrder & {
  readonly id: string
  readonly status: 'accepted'
  readonly idempotencyKey: string
  readonly acceptedAt: string
}

/** A field that is not as it must be: its path, and what it must be. */
export type FieldProblem = { readonly field: string; readonly mustBe: string }

type FieldRule = { readonly field: string; readonly pattern: RegExp; readonly mustBe: string }

// No control characters, and no more than the Faster Payments and SEPA formats leave room for.
const line = (longest: number): RegExp => new RegExp(`^[^\\p{Cc}]{1,${longest}}$`, 'u')

const orderRules: readonly FieldRule[] = [
  { field: 'payer', pattern: line(140), mustBe: 'a text of 1 to 140 characters' },
  { field: 'account', pattern: /^[A-Z0-9]{4,34}$/, mustBe: '4 to 34 capital letters and digits, without spaces' },
  { field: 'invoiceNumber', pattern: line(140), mustBe: 'a text of 1 to 140 characters' },
  { field: 'reference', pattern: /^[^\p{Cc}]{0,140}$/u, mustBe: 'a text of up to 140 characters' },
]

const amountRules: readonly FieldRule[] = [
  { field: 'minor', pattern: /^[1-9]\d{0,17}$/, mustBe: 'a positive whole number of minor units, written as a string' },
  { field: 'currency', pattern: /^[A-Z]{3}$/, mustBe: 'three capital letters' },
]

const keyPattern = /^[\x21-\x7e]{1,255}$/

/** Reads a payment order out of parsed JSON, or says which field is wrong. An unknown field is wrong. */
export function readOrder(body: unknown): { readonly order: PaymentOrder } | { readonly problem: FieldProblem } {
  const fields = readFields(body, { rules: orderRules, nested: ['amount'], path: '' })
  if ('problem' in fields) return fields
  const amount = readFields(fields.nested['amount'], { rules: amountRules, nested: [], path: 'amount' })
  if ('problem' in amount) return amount
  const { payer = '', account = '', invoiceNumber = '', reference = '' } = fields.texts
  const { minor = '', currency = '' } = amount.texts
  return { order: { payer, account, amount: { minor, currency }, invoiceNumber, reference } }
}

type Fields = { readonly texts: Readonly<Record<string, string>>; readonly nested: Readonly<Record<string, unknown>> }

function readFields(
  value: unknown,
  form: { readonly rules: readonly FieldRule[]; readonly nested: readonly string[]; readonly path: string },
): Fields | { readonly problem: FieldProblem } {
  const pathOf = (field: string): string => (form.path === '' ? field : `${form.path}.${field}`)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { problem: { field: form.path, mustBe: 'a JSON object' } }
  const given = new Map<string, unknown>(Object.entries(value))
  const texts: Record<string, string> = {}
  for (const { field, pattern, mustBe } of form.rules) {
    const text = given.get(field)
    if (typeof text !== 'string' || !pattern.test(text)) return { problem: { field: pathOf(field), mustBe } }
    texts[field] = text
    given.delete(field)
  }
  const nested: Record<string, unknown> = {}
  for (const field of form.nested) {
    nested[field] = given.get(field)
    given.delete(field)
  }
  const [unknownField] = given.keys()
  if (unknownField !== undefined) return { problem: { field: pathOf(unknownField), mustBe: 'left out: it is not known here' } }
  return { texts, nested }
}

/** Reads an idempotency key: 1 to 255 visible ASCII characters. Null where it is none. */
export function readIdempotencyKey(value: unknown): string | null {
  return typeof value === 'string' && keyPattern.test(value) ? value : null
}

/** Reads a payment as the ledger keeps it and as the bank answers it. Null where it is none. */
export function readPayment(value: unknown): Payment | null {
  if (typeof value !== 'object' || value === null) return null
  const { id, status, idempotencyKey, acceptedAt, ...rest } = value as Readonly<Record<string, unknown>> // an object: checked above
  const key = readIdempotencyKey(idempotencyKey)
  const read = readOrder(rest)
  if ('problem' in read || key === null || status !== 'accepted') return null
  if (typeof id !== 'string' || id === '' || typeof acceptedAt !== 'string' || Number.isNaN(Date.parse(acceptedAt))) return null
  return { id, status, idempotencyKey: key, ...read.order, acceptedAt }
}

/** Whether two orders ask for the same: then one idempotency key may stand for both. */
export function isSameOrder(left: PaymentOrder, right: PaymentOrder): boolean {
  return (
    left.payer === right.payer &&
    left.account === right.account &&
    left.amount.minor === right.amount.minor &&
    left.amount.currency === right.amount.currency &&
    left.invoiceNumber === right.invoiceNumber &&
    left.reference === right.reference
  )
}

/** An invoice that was paid more than once: what a payer must never see. */
export type DoubledPayment = Pick<PaymentOrder, 'payer' | 'invoiceNumber' | 'amount'> & {
  readonly payments: readonly { readonly id: string; readonly idempotencyKey: string; readonly account: string }[]
}

/** Finds every payer, invoice number and amount that was paid more than once, whatever the keys and the accounts were. */
export function doubledPayments(payments: Iterable<Payment>): readonly DoubledPayment[] {
  return [...groupPayments(payments, ({ payer, invoiceNumber, amount }) => [payer, invoiceNumber, amount.minor, amount.currency])]
    .filter((group) => group.length > 1)
    .flatMap((group) => {
      const [first] = group
      if (first === undefined) return []
      const { payer, invoiceNumber, amount } = first
      const paid = group.map(({ id, idempotencyKey, account }) => ({ id, idempotencyKey, account }))
      return [{ payer, invoiceNumber, amount, payments: paid }]
    })
}

/** How many payments there are, by key and by invoice: figures for somebody who counts from outside. */
export type PaymentCounts = {
  readonly payments: number
  readonly distinctKeys: number
  readonly distinctInvoices: number
  readonly doubled: readonly DoubledPayment[]
}

/** Counts payments. An invoice is a payer with an invoice number. */
export function countPayments(payments: readonly Payment[]): PaymentCounts {
  return {
    payments: payments.length,
    distinctKeys: new Set(payments.map(({ idempotencyKey }) => idempotencyKey)).size,
    distinctInvoices: groupPayments(payments, ({ payer, invoiceNumber }) => [payer, invoiceNumber]).length,
    doubled: doubledPayments(payments),
  }
}

function groupPayments(
  payments: Iterable<Payment>,
  by: (payment: Payment) => readonly string[],
): readonly (readonly Payment[])[] {
  const groups = new Map<string, Payment[]>()
  for (const payment of payments) {
    const name = JSON.stringify(by(payment))
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [payment])
    else group.push(payment)
  }
  return [...groups.values()]
}
