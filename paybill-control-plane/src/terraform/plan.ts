// What Terraform intends, read from `terraform show -json`: the changes, and a hash of all of it, which an approval can be
// bound to. Two plans that would do the same have the same hash: when a plan was made is no part of it.

import { PaybillError } from 'paybill/lib'
import { hashOf } from './configuration.ts'

export type Plan = { readonly json: string; readonly hash: string; readonly changes: readonly PlannedChange[] }
export type PlannedChange = { readonly address: string; readonly actions: readonly string[] }

/** Reads a plan. Throws TERRAFORM_FAILED where the text is none. */
export function parsePlan(text: string): Plan {
  const parsed = parseObject(text)
  const changes = parsed?.['resource_changes'] ?? []
  if (parsed === null || parsed['format_version'] === undefined || !Array.isArray(changes))
    throw new PaybillError('TERRAFORM_FAILED', '`terraform show` did not write a plan')
  const { timestamp: _timestamp, ...lasting } = parsed
  const json = JSON.stringify(lasting, sortedKeys)
  return { json, hash: hashOf(json), changes: changes.map(parseChange).filter(({ actions }) => changesSomething(actions)) }
}

/** One line for each change: what is done, where, and the name outside. Enough to look for what a killed apply has made. */
export function intentText(plan: Plan, names: Readonly<Record<string, string>>): string {
  return plan.changes.map(({ address, actions }) => [actions.join('+'), address, names[address] ?? '-'].join(' ')).join('\n')
}

function parseChange(change: unknown): PlannedChange {
  if (typeof change === 'object' && change !== null && 'address' in change && 'change' in change) {
    const { address, change: what } = change
    if (typeof address === 'string' && typeof what === 'object' && what !== null && 'actions' in what && isTexts(what.actions))
      return { address, actions: what.actions }
  }
  throw new PaybillError('TERRAFORM_FAILED', '`terraform show` wrote a change without an address or actions')
}

function changesSomething(actions: readonly string[]): boolean {
  return actions.some((action) => action !== 'no-op' && action !== 'read')
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1)))
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : null
  } catch {
    return null
  }
}
