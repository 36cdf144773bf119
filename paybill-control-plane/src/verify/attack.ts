// All that one tenant tries against another, by the methods that are open to it where it lives.

import { type Database, openDatabase } from 'paybill/database'
import { PaybillError } from 'paybill/lib'
import { applicationUrl } from 'paybill/migrate'
import type { Application } from '../tenant-database/index.ts'
import { connectionAttempts } from './attack-connection.ts'
import { controlPlaneAttempts } from './attack-control-plane.ts'
import { type AttackLine, attackLine } from './attack-line.ts'
import { rowSecurityAttempts } from './attack-rows.ts'
import { sessionAttempts } from './attack-session.ts'
import { sqlAttempts } from './attack-sql.ts'
import { statisticsAttempts } from './attack-statistics.ts'
import { type Attempt, attemptAll, type Method, methods, type Outcome } from './attempt.ts'
import { type Canaries, withCanaries } from './canaries.ts'
import { type Attacker, identityOf, type TenantUnderTest } from './tenant.ts'

export type Attack = {
  readonly application: Application
  /** The passwords of application roles are derived from it. */
  readonly secret: Uint8Array
  readonly attacker: Attacker
  readonly victim: TenantUnderTest
}

/** `notTried` says what could not be marked or tried, with the reason. */
export type AttackOutcome = Omit<Outcome, 'unanswered'> & { readonly notTried: readonly string[] }

/** Plants canaries in the victim's rows, tries everything, and takes them out again. */
export async function attack(of: Attack, by: readonly Method[] = methods): Promise<AttackOutcome> {
  const { application, secret, attacker, victim } = of
  return withCanaries({ schema: application.schema, secret, tenant: victim, bystander: attacker }, (canaries) =>
    attackOn(canaries, of, { by, untilLeak: false }),
  )
}

/** The same where the canaries are there already. */
export async function attackOn(
  canaries: Canaries,
  of: Attack,
  how: { readonly by: readonly Method[]; readonly untilLeak: boolean },
): Promise<AttackOutcome> {
  const { application, secret, attacker } = of
  const url = applicationUrl({ ...attacker.place, secret })
  const line = await attackLine(url, attacker.isolation === 'pooled' ? identityOf(application, attacker.id) : null)
  try {
    const opened = how.by.includes('session') ? await openedDatabase(application, url) : { kind: 'not-needed' as const }
    try {
      const attempts = await allAttempts(of, how.by, { url, line, canaries, opened })
      const { unanswered, ...made } = await attemptAll(attempts, { markers: canaries.markers, untilLeak: how.untilLeak })
      return { ...made, notTried: [...canaries.unmarked, ...(opened.kind === 'refused' ? [opened.reason] : []), ...unanswered] }
    } finally {
      if (opened.kind === 'opened') await opened.database.close()
    }
  } finally {
    await line.close()
  }
}

/** Sessions are not tried on a database that the application itself would refuse to open. */
type Opened =
  | { readonly kind: 'opened'; readonly database: Database }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'not-needed' }

async function openedDatabase({ schema, rules }: Application, url: string): Promise<Opened> {
  try {
    return { kind: 'opened', database: await openDatabase({ url, schema, rules, maxConnections: 2 }) }
  } catch (error) {
    if (!(error instanceof PaybillError)) throw error
    return { kind: 'refused', reason: `no session was opened: ${error.code}: ${error.message}` }
  }
}

type Means = { readonly url: string; readonly line: AttackLine; readonly canaries: Canaries; readonly opened: Opened }

async function allAttempts(of: Attack, by: readonly Method[], means: Means): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = []
  for (const method of by) attempts.push(...(await attemptsBy(method, of, means)))
  return attempts
}

async function attemptsBy(method: Method, of: Attack, means: Means): Promise<readonly Attempt[]> {
  const { attacker } = of
  const { line, canaries, opened } = means
  const { rows, speak } = canaries
  switch (method) {
    case 'connection':
      return connectionAttempts({ ...of, ...means })
    case 'sql':
      // Tenants of a pool have no credential to run SQL with.
      return attacker.isolation === 'pooled' ? [] : sqlAttempts({ ...of, line, schema: of.application.schema })
    case 'session':
      return opened.kind === 'opened' ? sessionAttempts({ ...of, database: opened.database, rows }) : []
    case 'row-security':
      return attacker.isolation === 'pooled' ? rowSecurityAttempts({ ...of, line, canaries }) : []
    case 'statistics':
      return statisticsAttempts({ ...of, line, speak })
    case 'control-plane':
      return controlPlaneAttempts(of)
    default:
      return method satisfies never
  }
}
