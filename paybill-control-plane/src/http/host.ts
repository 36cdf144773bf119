// INVARIANT: a name of another site that leads to this server (DNS rebinding) is refused before anything else is looked at.

import type { AddressInfo } from 'node:net'

/** Whether a `host` header names this server: by an address of this machine, or by a name that it was given. */
export function isOwnHost(
  host: string | undefined,
  of: { readonly address: AddressInfo | string | null; readonly hosts: readonly string[] },
): boolean {
  if (host === undefined) return false
  const asked = host.toLowerCase()
  if (of.hosts.includes(asked)) return true
  if (of.address === null || typeof of.address === 'string') return false
  const { port } = of.address
  return loopbackNames.some((name) => asked === `${name}:${port}`)
}

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]']
