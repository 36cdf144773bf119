import type { FastifyInstance } from 'fastify'
import { PaybillError } from 'paybill/lib'

const loopback = '127.0.0.1'

/**
 * Lets the API listen: on this machine alone, unless an address is named. Port 0 is a free one. Answers the address. Throws
 * PORT_TAKEN.
 *
 * @example const url = await listenApi(api, { port: 4100 })
 */
export async function listenApi(
  api: FastifyInstance,
  { port, address = loopback }: { readonly port: number; readonly address?: string },
): Promise<string> {
  try {
    return await api.listen({ port, host: address })
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')) throw cause
    const shown = `port \`${port}\` is taken`
    throw new PaybillError('PORT_TAKEN', shown, { cause, shown })
  }
}
