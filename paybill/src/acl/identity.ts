// How SQL asks who is there: it reads a JSON text in the setting `paybill.identity`, which every statement of a session sends
// along. Row level security and the functions behind it read nothing else about the caller.

import type { CallerFacts } from './caller-facts.ts'
import { ruleText } from './rule-text.ts'

/** The identity in SQL; NULL where there is none. After its first use a local setting is '' and not NULL. */
export const identitySql = `nullif(current_setting('paybill.identity', true), '')::jsonb`

/** How SQL asks about the identity. NULL anywhere in an answer is no. */
export type IdentitySql = {
  readonly bind: CallerFacts
  readonly isKnown: string
  /** Whether one of the roles is held by the principal, or by the agent. */
  holds(list: 'roles' | 'agentRoles', roles: readonly string[]): string
  readonly hasNoAgent: string
  isGranted(action: string, table: string): string
}

/** For policies: each question is a scalar subquery without a reference to the row, so PostgreSQL asks it once for a statement. */
export const identityInPolicy: IdentitySql = identityFrom(`(${identitySql})`, (sql) => `(select ${sql})`)

/** For a trigger, which reads the identity into a variable once for each row. */
export const identityInTrigger: IdentitySql = identityFrom('identity', (sql) => `(${sql})`)

function identityFrom(identity: string, once: (sql: string) => string): IdentitySql {
  const list = (texts: readonly string[]): string => `array[${texts.map(ruleText).join(', ')}]`
  return {
    bind: {
      tenant: () => once(`${identity} ->> 'tenant'`),
      claim: (name, sqlType) => {
        const claim = `${identity} -> 'claims' -> ${ruleText(name)}`
        if (!sqlType.endsWith('[]')) return once(`(${claim} #>> '{}')::${sqlType}`)
        const texts = `case when jsonb_typeof(${claim}) = 'array' then array(select jsonb_array_elements_text(${claim})) end`
        // The cast stands outside, because `any ((select …))` would be a question about the rows of a select.
        return `${once(texts)}::${sqlType}`
      },
    },
    isKnown: once(`${identity} is not null`),
    holds: (of, roles) => once(`${identity} -> '${of}' ?| ${list(roles)}`),
    hasNoAgent: once(`jsonb_typeof(${identity} -> 'agentRoles') = 'null'`),
    isGranted: (action, table) =>
      once(
        `jsonb_typeof(${identity} -> 'grant') = 'null' or coalesce(${identity} -> 'grant' -> ${ruleText(table)} ? ${ruleText(action)}, false)`,
      ),
  }
}
