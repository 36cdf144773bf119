// How things of the control plane look on a terminal.

import { formatMoney } from 'paybill/lib'
import type { Money, Tenant } from './api.ts'
import type { CliIo } from './io.ts'
import { type Cell, printFields, type Style } from './table.ts'

const accessStyles = { full: 'green', grace: 'yellow', restricted: 'yellow', blocked: 'red' } as const satisfies Record<
  Tenant['access'],
  Style
>

export function accessCell(access: Tenant['access']): Cell {
  return { text: access, style: accessStyles[access] }
}

export function moneyText({ minor, currency }: Money): string {
  return formatMoney({ minor: BigInt(minor), currency })
}

/** To the second; who needs more asks for JSON. */
export function momentText(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`
}

export function nextText({ kind, what, since }: Tenant['next']): string {
  const from = since === null ? '' : `, since ${momentText(since)}`
  switch (kind) {
    case 'start':
      return `starts ${what}`
    case 'working':
    case 'wait':
      return `waits for ${what}${from}`
    case 'park':
      return `a person has to look: ${what}`
    case 'none':
      return what === '' ? 'nothing' : `nothing: ${what}`
    default:
      return kind satisfies never
  }
}

export function printTenant(io: CliIo, tenant: Tenant): void {
  const { plan, place, suspensions, because } = tenant
  printFields(io, [
    ['id', { text: tenant.id, style: 'bold' }],
    ['name', { text: tenant.name }],
    ['customer', { text: tenant.customer }],
    ['plan', { text: plan === null ? tenant.product : `${tenant.product} ${plan.id}, version ${plan.version}` }],
    ['isolation', { text: `${tenant.isolation} in ${tenant.region}` }],
    ['phase', { text: tenant.phase.replaceAll('_', ' ') }],
    ['access', accessCell(tenant.access)],
    ...because.map((reason) => ['because', { text: reason }] as const),
    ...suspensions.map(
      ({ reason, by, since }) => ['suspended', { text: `for ${reason} by ${by} since ${momentText(since)}` }] as const,
    ),
    ['place', { text: place === null ? '–' : [place.cell, place.database ?? [], `epoch ${place.epoch}`].flat().join(', ') }],
    ['next', { text: nextText(tenant.next) }],
  ])
}
