// The second wall: the same rules as row level security, for statements that lost their predicate by a mistake of ours.
// Policies hold rows and new values; a trigger holds what needs the row before and after a change. Fields they do not know.
// They guard against our mistakes, not against somebody who can run SQL as the application role: he could say who he is.

import { encodeCanonical } from '../lib/canonical.ts'
import { PaybillError } from '../lib/errors.ts'
import { quoteName, tableName } from '../schema/names.ts'
import { hasTenant, tableOf } from '../schema/table.ts'
import { claimOf, claimText } from './claim.ts'
import { type IdentitySql, identityInPolicy, identityInTrigger, identitySql } from './identity.ts'
import { dataRules, withInherited } from './in-force.ts'
import type { ClaimValue, DataAction, Subject } from './principal.ts'
import { ownName, relatedFunctionStatements } from './related.ts'
import { actorSql, type RowsAtHand } from './rule-sql.ts'
import type { Rules } from './rules.ts'
import { allSql, anySql, type SqlPlace } from './sql-condition.ts'

/**
 * Statements that put the rules into the database, run by the owner of the tables; `:app` stands for the application role.
 * They take away what earlier rules put there, so that they may be run again.
 */
export function rowSecurityStatements(rules: Rules): readonly string[] {
  return [
    removal,
    'create schema if not exists paybill',
    'grant usage on schema paybill to :app',
    ...relatedFunctionStatements(rules),
    ...Object.keys(rules.schema.tables).flatMap((table) => tableStatements(rules, table)),
  ]
}

/** What the setting `paybill.identity` holds. Throws ARGUMENT_INVALID for a principal without a tenant or with a wrong claim. */
export function identityText(rules: Rules, subject: Subject): string {
  const { principal } = subject
  if (principal.tenant === '') throw new PaybillError('ARGUMENT_INVALID', `principal \`${principal.id}\` has no tenant`)
  const { agent, grant } = subject
  const claims = Object.entries(rules.claims).flatMap(([name, type]) => {
    const value = claimOf(principal, name, type)
    if (value === null) return []
    return [[name, isList(value) ? value.map(claimText) : claimText(value)] as const]
  })
  const granted = Object.entries(grant ?? {}).map(
    ([table, actions]) => [table, Object.keys(actions).filter((action) => Object.hasOwn(actions, action))] as const,
  )
  return encodeCanonical({
    tenant: principal.tenant,
    roles: withInherited(rules, principal.roles),
    agentRoles: agent === null ? null : withInherited(rules, agent.roles),
    grant: grant === null ? null : Object.fromEntries(granted),
    claims: Object.fromEntries(claims),
  })
}

// `isArray` does not narrow a readonly array away from what is left.
function isList(value: ClaimValue): value is Extract<ClaimValue, readonly unknown[]> {
  return Array.isArray(value)
}

// Policies first, for they use the functions.
const removal = `do $removal$ declare found record; begin
  for found in select policyname, tablename from pg_policies where schemaname = 'public' and policyname like 'paybill\\_%' loop
    execute format('drop policy %I on public.%I', found.policyname, found.tablename);
  end loop;
  for found in select oid::regprocedure as signature from pg_proc
    where pronamespace = to_regnamespace('paybill') and proname ~ '^(related|change)_[0-9a-f]{8}_' loop
    execute format('drop function %s cascade', found.signature);
  end loop;
end $removal$`

const commands: Readonly<Record<DataAction, string>> = { read: 'select', create: 'insert', update: 'update', delete: 'delete' }

function tableStatements(rules: Rules, table: string): readonly string[] {
  const name = `public.${quoteName(tableName(table))}`
  const policy = (action: DataAction, clauses: string): string =>
    `create policy paybill_${action} on ${name} as permissive for ${commands[action]} to :app ${clauses}`
  const row = placeOf(rules, table, quoteName(tableName(table)), identityInPolicy)
  const rows = (action: DataAction, at: RowsAtHand): string => decisionSql(rules, { table, action }, row, at, identityInPolicy)
  const existing = { is: row, becomes: null }
  const written = { is: null, becomes: row }
  return [
    `alter table ${name} enable row level security`,
    `alter table ${name} force row level security`,
    // The owner is held by row level security too; he reads related rows for the conditions, unfiltered.
    `create policy paybill_owner on ${name} to current_user using (true) with check (true)`,
    policy('read', `using (${rows('read', existing)})`),
    policy('create', `with check (${rows('create', written)})`),
    policy('update', `using (${rows('update', existing)}) with check (${rows('update', written)})`),
    policy('delete', `using (${rows('delete', existing)})`),
    ...changeTrigger(rules, table),
  ]
}

/** Whether the identity may do it to the row: tenant, principal, agent and grant together. */
function decisionSql(
  rules: Rules,
  { table, action }: { readonly table: string; readonly action: DataAction },
  row: SqlPlace,
  rows: RowsAtHand,
  identity: IdentitySql,
): string {
  const bearing = dataRules(rules, { action, table })
  const actor = (list: 'roles' | 'agentRoles'): string =>
    actorSql({ rules: bearing, fields: [], rows, holds: (roles) => identity.holds(list, roles) })
  const agent = actor('agentRoles')
  return allSql([
    hasTenant(tableOf(rules.schema, table)) ? `${row.alias}."tenant" = ${identity.bind.tenant()}` : identity.isKnown,
    actor('roles'),
    anySql([identity.hasNoAgent, agent]),
    identity.isGranted(action, table),
  ])
}

// A policy sees the row before a change or the row after it, never both. Where a rule of this table has a condition on new
// values, whether one rule lets a row go from the one to the other is asked by a trigger. It reads what was there when the
// statement began, as the policies do.
function changeTrigger(rules: Rules, table: string): readonly string[] {
  const isNeeded = dataRules(rules, { action: 'update', table }).some((rule) => rule.target.check.kind !== 'always')
  if (!isNeeded) return []
  const is = placeOf(rules, table, 'old', identityInTrigger)
  const becomes = { ...placeOf(rules, table, 'new', identityInTrigger), beforeAlias: 'old' }
  const change = decisionSql(rules, { table, action: 'update' }, becomes, { is, becomes }, identityInTrigger)
  const trigger = ownName('change', table, tableName(table))
  return [
    `create function ${trigger}() returns trigger language plpgsql stable as $change$
declare identity jsonb := ${identitySql};
begin
  -- Without an identity only the owner comes here: the policies let nobody else through.
  if identity is null or ${change} then
    return new;
  end if;
  raise exception 'refused' using errcode = 'insufficient_privilege';
end $change$`,
    `create trigger paybill_change before update on public.${quoteName(tableName(table))} for each row execute function ${trigger}()`,
  ]
}

function placeOf({ schema, claims }: Rules, table: string, alias: string, { bind }: IdentitySql): SqlPlace {
  return { schema, claims, bind, table, alias, beforeAlias: null, depth: 0 }
}
