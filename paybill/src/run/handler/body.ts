// Reading the body of a request, of which little is accepted.

import { PaybillError } from '../../lib/errors.ts'

const maxBodyBytes = 16_384

/** The whole body as text. Throws BODY_TOO_LARGE as soon as it is too long. */
export async function readBody(request: Request): Promise<string> {
  if (request.body === null) return ''
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body as ReadableStream<Uint8Array>) {
    length += chunk.length
    if (length > maxBodyBytes) throw new PaybillError('BODY_TOO_LARGE', `a body is longer than ${maxBodyBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
