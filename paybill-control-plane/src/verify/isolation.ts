// Verifies that one tenant can learn nothing of another: tries it, with everything that the one has. What is promised for
// each model, and how it is shown, stands in docs/isolation.md.
//
// Safe on tenants that are at work: what is tried is rolled back or refused, and only rows of the verifier's own are put
// among the victim's, for as long as it takes.

import type { Application } from '../tenant-database/index.ts'
import { attack } from './attack.ts'
import type { Leak, Method, OutOfPromise } from './attempt.ts'
import { type Controls, isolationControls } from './controls.ts'
import type { Attacker, TenantUnderTest } from './tenant.ts'

export type IsolationVerification = {
  readonly attempts: number
  readonly byMethod: Readonly<Record<Method, number>>
  readonly leaks: readonly Leak[]
  readonly outOfPromise: readonly OutOfPromise[]
  /** What could not be marked or tried, with the reason: nothing is promised of it. */
  readonly notTried: readonly string[]
  /** Weaknesses that were planted in scratch databases on the attacker's server, and how many of them were found. */
  readonly controls: Controls
}

/**
 * Tries to learn something of the victim. `plant: false` leaves the controls out: the answer is then worth less.
 *
 * @example const { leaks, controls } = await verifyIsolation({ application, secret, attacker, victim })
 */
export async function verifyIsolation(of: {
  readonly application: Application
  /** The passwords of application roles are derived from it. */
  readonly secret: Uint8Array
  readonly attacker: Attacker
  readonly victim: TenantUnderTest
  readonly plant?: boolean
}): Promise<IsolationVerification> {
  const outcome = await attack(of)
  const controls = of.plant === false ? { seeded: 0, found: 0, missed: [] } : await isolationControls(of.attacker.place.serverUrl)
  return { ...outcome, controls }
}
