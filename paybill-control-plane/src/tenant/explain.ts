// Why a tenant is as it is, in words: what an operator reads first.

import { accessOf } from './access.ts'
import { desired, diff, type TenantFacts } from './desired.ts'

/** One line for each thing to know: phase, access, payment, what is wanted, and what happens next. */
export function explainTenant(facts: TenantFacts, now: Date): readonly string[] {
  const access = accessOf(facts)
  const goal = desired(facts)
  const next = diff(facts, now)
  const since = facts.standing.since === null ? '' : ` since ${facts.standing.since.toISOString()}`
  return [
    line(`tenant ${facts.id} is ${facts.phase.replaceAll('_', ' ')}`, facts.mode === 'observe' ? ['observed only'] : []),
    line(`access is ${access.access}`, access.because),
    `payment: ${facts.standing.reason}${since}`,
    line(
      goal.existence === 'absent' ? 'it should be gone' : `it should ${goal.isRunning ? 'run' : 'be stopped, its data kept'}`,
      goal.because,
    ),
    nextLine(next),
  ]
}

function nextLine(next: ReturnType<typeof diff>): string {
  switch (next.kind) {
    case 'start':
      return line(`next: ${next.operation}`, next.because)
    case 'working':
    case 'wait':
      return `next: it waits for ${next.for}, since ${next.since.toISOString()}`
    case 'park':
      return `next: a person has to look: ${next.reason}`
    case 'none':
      return line('next: nothing', next.because)
    default:
      return next satisfies never
  }
}

function line(fact: string, because: readonly string[]): string {
  return because.length === 0 ? fact : `${fact}: ${because.join('; ')}`
}
