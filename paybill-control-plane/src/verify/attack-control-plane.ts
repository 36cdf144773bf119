// What the attacker's people ask the control plane about the other one: the answer is, byte for byte, that for a tenant
// which was never there.

import { encodeCanonical, PaybillError } from 'paybill/lib'
import type { Answer } from './answer.ts'
import type { Attempt, Question } from './attempt.ts'
import type { Attacker, TenantUnderTest } from './tenant.ts'

export function controlPlaneAttempts({
  attacker,
  victim,
}: {
  readonly attacker: Attacker
  readonly victim: TenantUnderTest
}): readonly Attempt[] {
  // As long as the other one's, for a length could tell.
  const nobody = victim.id.replace(/[^_]+$/, (rest) => '0'.repeat(rest.length))
  return Object.entries(attacker.calls ?? {}).map(([name, call]) => {
    const question = (id: string): Question => ({ sent: [id], ask: () => shown(() => call(id)) })
    return {
      method: 'control-plane',
      attempt: `${name} of the other tenant`,
      ...question(victim.id),
      promise: { kind: 'no-difference', missing: question(nobody) },
    }
  })
}

// What a caller is shown of an error, and nothing of what the log says.
async function shown(call: () => Promise<unknown>): Promise<Answer> {
  try {
    return { kind: 'answered', text: JSON.stringify(await call()) }
  } catch (error) {
    if (!(error instanceof PaybillError)) throw error
    return { kind: 'refused', text: encodeCanonical({ code: error.code, shown: error.shown, status: error.status }) }
  }
}
