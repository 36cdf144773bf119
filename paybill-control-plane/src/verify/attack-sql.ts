// What somebody tries who runs SQL with a credential of his own: to reach another database, the files and programs of the
// server, or the rights of another role, and to leave something that another session will run.

import { roleNames } from 'paybill/migrate'
import { quoteName, quoteText, type Schema, tableName } from 'paybill/schema'
import type { AttackLine } from './attack-line.ts'
import type { Attempt, Promised } from './attempt.ts'
import type { TenantUnderTest } from './tenant.ts'

export async function sqlAttempts(of: {
  readonly schema: Schema
  readonly attacker: TenantUnderTest
  readonly victim: TenantUnderTest
  readonly line: AttackLine
}): Promise<readonly Attempt[]> {
  const { victim, line } = of
  const sent = [victim.id, victim.place.name]
  const attempt =
    (promise: Promised) =>
    (text: string): Attempt => ({
      method: 'sql',
      attempt: sent.reduce((text, value) => text.replaceAll(value, '…'), text).slice(0, 120),
      sent,
      promise,
      ask: () => line.ask(text),
    })
  const relations = await line.rows(
    `select c.oid::regclass as name from pg_class c where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'pg_toast'::regnamespace) order by 1`,
  )
  return [
    ...refusedStatements(of).map(attempt({ kind: 'refused' })),
    ...rights(of).map(attempt({ kind: 'does-not-hold' })),
    ...[...openStatements(of), ...relations.map(({ name }) => `select * from ${name} limit 1000`)].map(
      attempt({ kind: 'nothing-seen' }),
    ),
    ...notPromised.map(([text, reason]) => attempt({ kind: 'none', reason })(text)),
  ]
}

type Between = { readonly schema: Schema; readonly attacker: TenantUnderTest; readonly victim: TenantUnderTest }

function refusedStatements({ schema, attacker, victim }: Between): readonly string[] {
  const own = roleNames(attacker.place.name)
  const theirs = roleNames(victim.place.name)
  const [first = ''] = Object.keys(schema.tables)
  const table = `public.${quoteName(tableName(first))}`
  const other = quoteName(victim.place.name)
  // A comment on a database that is not there is a warning.
  const isNeighbour = attacker.place.serverUrl === victim.place.serverUrl
  const isOther = attacker.place.name !== victim.place.name
  return [
    // Another database by name, and what could lead there.
    ...(isOther ? [`select * from ${other}.${table}`, `select * from ${other}.paybill.payload`] : []),
    `create extension dblink`,
    `create extension postgres_fdw`,
    `create extension file_fdw`,
    `select * from dblink('dbname=${victim.place.name}', 'select 1') as x(i int)`,
    `create server elsewhere foreign data wrapper postgres_fdw options (dbname ${quoteText(victim.place.name)})`,
    `create foreign data wrapper elsewhere`,
    `create foreign table elsewhere (i int) server elsewhere`,
    `create publication everything for all tables`,
    // Files and programs of the server.
    `copy ${table} to program 'cat'`,
    `copy ${table} from program 'cat /etc/passwd'`,
    `copy ${table} from '/etc/passwd'`,
    `select pg_read_file('PG_VERSION')`,
    `select pg_read_file('/etc/passwd')`,
    `select pg_read_binary_file('global/pg_control')`,
    `select pg_ls_dir('base')`,
    `select pg_ls_dir('/')`,
    `select * from pg_stat_file('PG_VERSION')`,
    `select * from pg_ls_logdir()`,
    `select * from pg_ls_waldir()`,
    `select * from pg_ls_tmpdir()`,
    `select pg_current_logfile()`,
    `select lo_import('/etc/passwd')`,
    `select * from pg_largeobject`,
    `load '/tmp/paybill-verify.so'`,
    // Another role.
    `set role ${theirs.owner}`,
    ...(own.application === theirs.application
      ? []
      : [`set role ${theirs.application}`, `grant ${theirs.application} to ${own.application}`]),
    `set role ${own.owner}`,
    `set role pg_read_all_data`,
    `set role pg_monitor`,
    `set session authorization ${theirs.owner}`,
    `set session authorization ${own.owner}`,
    `grant ${theirs.owner} to ${own.application}`,
    `grant pg_read_all_data to ${own.application}`,
    `grant pg_execute_server_program to ${own.application}`,
    `create role verify_made login superuser`,
    `create role verify_made`,
    `alter role ${own.application} superuser`,
    `alter role ${own.application} bypassrls`,
    `alter role ${own.application} createdb createrole`,
    `alter role ${own.application} replication`,
    `alter role ${own.application} connection limit -1`,
    `alter role ${theirs.owner} login password 'known'`,
    ...(own.application === theirs.application ? [] : [`alter role ${theirs.application} password 'known'`]),
    `alter role ${theirs.owner} set search_path = pg_temp`,
    `alter role all set search_path = pg_temp`,
    `drop role ${theirs.owner}`,
    `reassign owned by ${own.owner} to ${own.application}`,
    // Databases and the server.
    `alter database ${other} owner to ${own.application}`,
    `alter database ${other} connection limit 0`,
    `alter database ${other} set row_security = off`,
    `alter database ${quoteName(attacker.place.name)} connection limit -1`,
    `alter database ${quoteName(attacker.place.name)} set row_security = off`,
    ...(isNeighbour ? [`comment on database ${other} is 'mine'`] : []),
    `grant connect on database ${other} to public`,
    `set session_replication_role = replica`,
    `set log_statement = 'all'`,
    `set allow_system_table_mods = on`,
    // Something for another session to run, or to take for something else.
    `create table public.trap (i int)`,
    `create table pg_catalog.trap (i int)`,
    `create table paybill.trap (i int)`,
    `create temporary table ${quoteName(tableName(first))} (i int)`,
    `create temporary view trap as select 1`,
    `create schema trap`,
    `create schema ${own.application}`,
    ...['public', 'pg_catalog', 'paybill', 'pg_temp'].map(
      (schema) => `create function ${schema}.lower(text) returns text language sql as 'select $1'`,
    ),
    `create or replace function paybill.require(condition boolean, state text) returns boolean language sql as 'select true'`,
    `create view public.trap as select 1`,
    `create materialized view public.trap as select 1`,
    `create type public.trap as (i int)`,
    `create domain public.trap as int`,
    `create operator public.= (leftarg = text, rightarg = text, procedure = texteq)`,
    `create cast (text as int) with inout as implicit`,
    `create sequence public.trap`,
    `create collation public.trap from "C"`,
    `create conversion public.trap for 'UTF8' to 'LATIN1' from utf8_to_iso8859_1`,
    `create event trigger trap on ddl_command_end execute function paybill.trap()`,
    `create trigger trap before insert on ${table} for each row execute function suppress_redundant_updates_trigger()`,
    `create rule trap as on select to ${table} do instead select 1`,
    `create policy trap on ${table} using (true)`,
    `create index trap on ${table} ((1))`,
    `create statistics public.trap on ctid, xmin from ${table}`,
    `create language plperlu`,
    `do language plpython3u $$ pass $$`,
    `do language c $$ $$`,
    `alter table ${table} disable row level security`,
    `alter table ${table} no force row level security`,
    `alter table ${table} owner to ${own.application}`,
    `alter function paybill.require(boolean, text) security definer`,
    `alter schema public owner to ${own.application}`,
    `truncate ${table} cascade`,
    `drop table ${table} cascade`,
    `insert into pg_catalog.pg_authid (rolname) values ('trap')`,
    `update pg_catalog.pg_class set relrowsecurity = false where false`,
    `update pg_catalog.pg_authid set rolsuper = true where false`,
    `delete from paybill.entry where false`,
    `update paybill.payload set body = '' where false`,
    `update paybill.schema_version set hash = '' where false`,
  ]
}

// What could not be rolled back is not tried: the right to it is looked for.
function rights({ schema }: Between): readonly string[] {
  const [first = ''] = Object.keys(schema.tables)
  const table = `public.${quoteName(tableName(first))}`
  const conditions = [
    ...['rolsuper', 'rolcreatedb', 'rolcreaterole', 'rolreplication', 'rolbypassrls'].map(
      (right) => `exists (select from pg_roles where ${right} and pg_has_role(oid, 'member'))`,
    ),
    ...[
      'pg_write_server_files',
      'pg_execute_server_program',
      'pg_signal_backend',
      'pg_write_all_data',
      'pg_checkpoint',
      'pg_database_owner',
    ].map((role) => `pg_has_role('${role}', 'member')`),
    ...[
      'lo_export(oid, text)',
      'pg_reload_conf()',
      'pg_rotate_logfile()',
      'pg_switch_wal()',
      'pg_create_restore_point(text)',
      'pg_backup_start(text, boolean)',
      'pg_promote(boolean, integer)',
      'pg_stat_reset()',
      'pg_stat_reset_shared(text)',
      'pg_replication_origin_create(text)',
      'pg_log_backend_memory_contexts(integer)',
    ].map((signature) => `has_function_privilege('${signature}', 'execute')`),
    `exists (select from pg_stat_activity where usename <> current_user and pg_has_role(usesysid, 'member'))`,
    `exists (select from pg_parameter_acl, aclexplode(paracl) where pg_has_role(grantee, 'member'))`,
    `exists (select from pg_auth_members where pg_has_role(member, 'member'))`,
    `exists (select from pg_class where relnamespace in ('public'::regnamespace, 'paybill'::regnamespace) and pg_has_role(relowner, 'member'))`,
    ...['create', 'temporary'].map((right) => `has_database_privilege(current_database(), '${right}')`),
    `exists (select from pg_tablespace where has_tablespace_privilege(oid, 'create'))`,
  ]
  return [
    ...conditions.map((condition) => `select ${condition}`),
    `grant all on ${table} to public; select has_table_privilege('public', ${quoteText(table)}, 'select')`,
  ]
}

function openStatements({ victim }: Between): readonly string[] {
  return [
    `set search_path = pg_temp, public; select current_schemas(true)`,
    `set row_security = off; select count(*) from paybill.run`,
    `select set_config('paybill.identity', '{"tenant":"${victim.id}"}', true); select current_setting('paybill.identity') is null`,
    `select * from information_schema.tables`,
    `select * from information_schema.applicable_roles`,
    `select * from information_schema.enabled_roles`,
    `select query_to_xml('select * from pg_roles', true, false, '')`,
    `select pg_notify('paybill_verify', 'from a neighbour')`,
    `alter role current_user set search_path = pg_temp`,
    `alter default privileges grant select on tables to public`,
    `select pg_try_advisory_lock_shared(1)`,
    `do $$ begin raise notice '%', current_user; end $$`,
    `select * from pg_stat_activity; select * from pg_locks`,
    `select pg_export_snapshot()`,
    `select pg_listening_channels()`,
    `select pg_blocking_pids(pid) from pg_stat_activity`,
    `select pg_describe_object(classid, objid, objsubid) from pg_depend limit 2000`,
    `declare all_of_it cursor for select * from pg_database; fetch all from all_of_it`,
    `prepare theirs as select * from pg_database; execute theirs; deallocate theirs`,
    `explain (analyze, verbose) select * from pg_database`,
  ]
}

const ownHarm = 'a tenant may harm itself: what it makes in its own database is its own'

const notPromised: readonly (readonly [text: string, reason: string])[] = [
  [
    `alter role current_user password 'forgotten'`,
    'every role may change its own password; its own sessions fail until it is set again',
  ],
  ['select lo_create(0)', `${ownHarm}. A large object makes backups of this database fail, by name`],
  [
    `select pg_try_advisory_lock(1)`,
    'advisory locks are a channel between the sessions of one database; those of other databases do not meet them',
  ],
]
