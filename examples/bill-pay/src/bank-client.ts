// Pays through a bank's HTTP interface. It says accepted or refused only where the bank has said so; where nobody can
// know what happened it throws EXTERNAL_FAILED, and whoever asked looks the payment up by its key before trying again.
// It never tries a second time by itself.

import { PaybillError } from 'paybill/lib'

const answerLimitBytes = 256 * 1024

/** What is to be paid. `account` is the receiver's; `amount` is in minor units. */
export type BankPayment = {
  readonly payer: string
  readonly account: string
  readonly amount: { readonly minor: bigint; readonly currency: string }
  readonly invoiceNumber: string
  readonly reference: string
}

/** A payment as the bank has recorded it. */
export type RecordedPayment = BankPayment & { readonly id: string; readonly idempotencyKey: string; readonly acceptedAt: string }

export type BankAnswer =
  | { readonly kind: 'accepted'; readonly id: string }
  | { readonly kind: 'refused'; readonly reason: string }

export type BankClient = {
  /**
   * Asks the bank to pay. Throws CONFLICT where the key stands for another payment, ARGUMENT_INVALID where the bank
   * calls a field malformed, and EXTERNAL_FAILED where the outcome is unknown or trying again may help.
   */
  pay(payment: BankPayment, call: { readonly idempotencyKey: string; readonly signal?: AbortSignal }): Promise<BankAnswer>
  /** The payment made under a key, or null where the bank has none. Throws EXTERNAL_FAILED where the bank does not say. */
  find(idempotencyKey: string, call?: { readonly signal?: AbortSignal }): Promise<RecordedPayment | null>
}

/**
 * Makes a client of the bank at an address. No call takes longer than `answerTimeoutMs`.
 *
 * @example const bank = bankClient('http://127.0.0.1:4000')
 */
export function bankClient(
  baseUrl: string,
  { answerTimeoutMs = 10_000 }: { readonly answerTimeoutMs?: number } = {},
): BankClient {
  const call = async (path: string, request: RequestInit, signal: AbortSignal | undefined): Promise<BankReply> => {
    const deadline = AbortSignal.timeout(answerTimeoutMs)
    const until = signal === undefined ? deadline : AbortSignal.any([signal, deadline])
    try {
      const response = await fetch(new URL(path, baseUrl), { ...request, redirect: 'error', signal: until })
      return { status: response.status, body: parseJson(await limitedText(response)) }
    } catch (cause) {
      const why = deadline.aborted ? `did not answer within ${answerTimeoutMs} ms` : 'broke the connection or cannot be reached'
      throw new PaybillError('EXTERNAL_FAILED', `the bank ${why}`, { cause })
    }
  }
  return {
    async pay(payment, { idempotencyKey, signal }) {
      const body = JSON.stringify({ ...payment, amount: { ...payment.amount, minor: payment.amount.minor.toString() } })
      const headers = { 'content-type': 'application/json', 'idempotency-key': idempotencyKey }
      return readAnswer(await call('/payments', { method: 'POST', headers, body }, signal), { payment, idempotencyKey })
    },
    async find(idempotencyKey, { signal } = {}) {
      const reply = await call(`/payments/by-key/${encodeURIComponent(idempotencyKey)}`, { method: 'GET' }, signal)
      // A 404 without the bank's own words may come from something that only stands where the bank should be.
      if (reply.status === 404 && problemType(reply) === 'not-found') return null
      const payment = reply.status === 200 ? readRecorded(reply.body) : null
      if (payment === null) throw unclear(reply)
      if (payment.idempotencyKey !== idempotencyKey) throw unclear(reply)
      return payment
    },
  }
}

type BankReply = { readonly status: number; readonly body: unknown }

function readAnswer(reply: BankReply, asked: { readonly payment: BankPayment; readonly idempotencyKey: string }): BankAnswer {
  if (reply.status === 201 || reply.status === 200) {
    const recorded = readRecorded(reply.body)
    if (recorded === null || !isAnswerTo(recorded, asked)) throw unclear(reply)
    return { kind: 'accepted', id: recorded.id }
  }
  const type = problemType(reply)
  const detail = textField(reply.body, 'detail') ?? 'no reason given'
  if (reply.status === 422 && type === 'account-refused') return { kind: 'refused', reason: detail.slice(0, 300) }
  if (reply.status === 422 && type === 'key-reused')
    throw new PaybillError('CONFLICT', `idempotency key \`${asked.idempotencyKey}\` stands for another payment at the bank`)
  if (reply.status === 400 && type === 'field')
    throw new PaybillError('ARGUMENT_INVALID', `the bank says ${detail.slice(0, 300)}`)
  throw unclear(reply)
}

function isAnswerTo(
  recorded: RecordedPayment,
  asked: { readonly payment: BankPayment; readonly idempotencyKey: string },
): boolean {
  const { payment, idempotencyKey } = asked
  return (
    recorded.idempotencyKey === idempotencyKey &&
    recorded.account === payment.account &&
    recorded.amount.minor === payment.amount.minor &&
    recorded.amount.currency === payment.amount.currency &&
    recorded.invoiceNumber === payment.invoiceNumber &&
    recorded.payer === payment.payer
  )
}

function unclear(reply: BankReply): PaybillError {
  return new PaybillError('EXTERNAL_FAILED', `the bank answered with status ${reply.status} and nothing that says what it did`)
}

function readRecorded(body: unknown): RecordedPayment | null {
  const amount = field(body, 'amount')
  const minor = textField(amount, 'minor')
  const currency = textField(amount, 'currency')
  const id = textField(body, 'id')
  const idempotencyKey = textField(body, 'idempotencyKey')
  const payer = textField(body, 'payer')
  const account = textField(body, 'account')
  const invoiceNumber = textField(body, 'invoiceNumber')
  const reference = textField(body, 'reference')
  const acceptedAt = textField(body, 'acceptedAt')
  if (minor === null || !/^\d{1,18}$/.test(minor) || currency === null || textField(body, 'status') !== 'accepted') return null
  if (id === null || idempotencyKey === null || payer === null || account === null) return null
  if (invoiceNumber === null || reference === null || acceptedAt === null) return null
  return { id, idempotencyKey, payer, account, amount: { minor: BigInt(minor), currency }, invoiceNumber, reference, acceptedAt }
}

function problemType(reply: BankReply): string | null {
  return textField(reply.body, 'type')?.split(':').at(-1) ?? null
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
}

function textField(value: unknown, name: string): string | null {
  const text = field(value, name)
  return typeof text === 'string' ? text : null
}

async function limitedText(response: Response): Promise<string> {
  if (response.body === null) return ''
  const parts: ReadableStream<Uint8Array> = response.body
  const decoder = new TextDecoder()
  let bytes = 0
  let text = ''
  for await (const part of parts) {
    bytes += part.length
    if (bytes > answerLimitBytes) throw new Error(`the answer has more than ${answerLimitBytes} bytes`)
    text += decoder.decode(part, { stream: true })
  }
  return text + decoder.decode()
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
