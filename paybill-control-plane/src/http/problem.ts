// Errors as RFC 9457 has them. A caller is told the code and the text that was meant for him; the log is told the rest, under
// the same id.

import { type ErrorCode, errorCodes, PaybillError } from 'paybill/lib'
import { FormError, type Misfit } from './read-form.ts'

export type Problem = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: ErrorCode
  readonly detail: string
  readonly instance: string
  readonly errors?: readonly Misfit[]
}

/** What is told of an error. Everything that is not an error of ours is INTERNAL, and nothing of it is shown. */
export function problemOf(error: unknown, requestId: string): Problem {
  const { code, shown } = paybillErrorOf(error)
  return {
    type: `urn:paybill:error:${code}`,
    title: code.toLowerCase().replaceAll('_', ' '),
    status: errorCodes[code].status,
    code,
    detail: shown,
    instance: `urn:uuid:${requestId}`,
    ...(error instanceof FormError ? { errors: error.misfits } : {}),
  }
}

/**
 * Whether the same request would be refused for the same reason again, so that its refusal may be kept. Rights are asked for
 * at each call, so a refusal for lack of one is not.
 */
export function isFinal({ status, code }: Problem): boolean {
  return status < 500 && status !== 403 && status !== 429 && code !== 'IDEMPOTENCY_IN_FLIGHT'
}

function paybillErrorOf(error: unknown): PaybillError {
  if (error instanceof PaybillError) return error
  const { code, statusCode } = serverErrorOf(error)
  const message = `the server refused a request with ${code}`
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new PaybillError('BODY_TOO_LARGE', message)
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new PaybillError('CONTENT_TYPE_UNKNOWN', message)
    case 'FST_ERR_BAD_URL':
      return new PaybillError('NOT_FOUND', message)
    default:
      // Others of the server's own are about a request that is no HTTP as it should be.
      return code.startsWith('FST_ERR_') && statusCode < 500
        ? new PaybillError('ARGUMENT_INVALID', message)
        : new PaybillError('INTERNAL', 'an unexpected error', { cause: error })
  }
}

function serverErrorOf(error: unknown): { readonly code: string; readonly statusCode: number } {
  if (!(error instanceof Error)) return { code: '', statusCode: 500 }
  const { code, statusCode } = error as { readonly code?: unknown; readonly statusCode?: unknown } & Error // read, not trusted
  return { code: typeof code === 'string' ? code : '', statusCode: typeof statusCode === 'number' ? statusCode : 500 }
}
