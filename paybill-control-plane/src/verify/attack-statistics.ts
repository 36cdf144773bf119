// What somebody tries who reads what the server tells about itself: statistics, activity, locks, and the catalogs that all
// databases of a server share.

import { roleNames } from 'paybill/migrate'
import { quoteText } from 'paybill/schema'
import type { Answer } from './answer.ts'
import type { AttackLine } from './attack-line.ts'
import type { Attempt, Promised } from './attempt.ts'
import type { TenantUnderTest } from './tenant.ts'

const channel = 'paybill_verify'

export async function statisticsAttempts(of: {
  readonly attacker: TenantUnderTest
  readonly victim: TenantUnderTest
  readonly line: AttackLine
  /** Lets the other one show a statement and send a notification. */
  readonly speak: (channel: string) => Promise<void>
}): Promise<readonly Attempt[]> {
  const { attacker, victim, line } = of
  const isShared = attacker.place.name === victim.place.name && attacker.place.serverUrl === victim.place.serverUrl
  const sent = [victim.place.name]
  const attempt = (text: string, promise: Promised): Attempt => ({
    method: 'statistics',
    attempt: text.replaceAll(victim.place.name, '…').slice(0, 120),
    sent,
    promise,
    ask: () => line.ask(text),
  })
  await line.listen(channel)
  return [
    {
      method: 'statistics',
      attempt: 'hear what the other one notifies',
      sent: [],
      promise: isShared ? oneRole : { kind: 'nothing-seen' },
      ask: () => heard(of),
    },
    ...whileSpoken.map((text) => attempt(text, isShared ? oneRole : { kind: 'nothing-seen' })),
    ...catalogs.map((name) => attempt(`select * from ${name}`, { kind: 'nothing-seen' })),
    ...['pg_class', 'pg_proc'].map((name) => attempt(`select * from ${name} where oid >= 16384`, { kind: 'nothing-seen' })),
    attempt('select * from pg_description where objoid >= 16384', { kind: 'nothing-seen' }),
    ...functions(victim).map((text) => attempt(text, { kind: 'nothing-seen' })),
    ...refusedStatements(of).map((text) => attempt(text, { kind: 'refused' })),
    attempt(
      `select count(*) > 0 from pg_stats s join pg_class c on c.relname = s.tablename and c.relnamespace = s.schemaname::regnamespace where c.relrowsecurity`,
      { kind: 'does-not-hold' },
    ),
    ...[...countable, ...(attacker.isolation === 'pooled' ? countableInPool : [])].map(([text, reason]) =>
      attempt(text, { kind: 'none', reason }),
    ),
  ]
}

const oneRole: Promised = {
  kind: 'none',
  reason:
    'all tenants of a pool are one role of the database, which sees its own sessions; tenants have no credential for it, and values travel apart from statements',
}

async function heard({
  line,
  speak,
}: {
  readonly line: AttackLine
  readonly speak: (channel: string) => Promise<void>
}): Promise<Answer> {
  await speak(channel)
  return { kind: 'answered', text: await line.heard() }
}

// The other one has just said something.
const whileSpoken = [
  'select * from pg_stat_activity',
  'select * from pg_stat_get_activity(null)',
  'select pg_stat_get_backend_activity(id) from pg_stat_get_backend_idset() as id',
  'select * from pg_stat_statements',
]

// Shared by all databases of a server, or about all of them.
const catalogs = [
  'pg_database',
  'pg_roles',
  'pg_user',
  'pg_group',
  'pg_auth_members',
  'pg_db_role_setting',
  'pg_shdescription',
  'pg_shseclabel',
  'pg_shdepend',
  'pg_tablespace',
  'pg_parameter_acl',
  'pg_prepared_xacts',
  'pg_replication_slots',
  'pg_publication',
  'pg_stat_replication',
  'pg_stat_replication_slots',
  'pg_stat_subscription',
  'pg_stat_wal_receiver',
  'pg_stat_database',
  'pg_stat_database_conflicts',
  'pg_stat_ssl',
  'pg_stat_gssapi',
  'pg_stat_io',
  'pg_stat_wal',
  'pg_stat_slru',
  'pg_stat_bgwriter',
  'pg_stat_archiver',
  'pg_stat_user_tables',
  'pg_stat_user_indexes',
  'pg_statio_user_tables',
  'pg_stat_user_functions',
  'pg_stat_progress_vacuum',
  'pg_stat_progress_analyze',
  'pg_stat_progress_copy',
  'pg_stat_progress_create_index',
  'pg_stat_progress_cluster',
  'pg_stat_progress_basebackup',
  'pg_locks',
  'pg_settings',
  'pg_prepared_statements',
  'pg_cursors',
  'pg_namespace',
  'pg_trigger',
  'pg_policies',
  'pg_constraint',
  'pg_attrdef',
  'pg_largeobject_metadata',
  'pg_stats_ext',
  'pg_stats_ext_exprs',
  'pg_seclabels',
  'pg_event_trigger',
  'pg_foreign_server',
  'pg_user_mappings',
]

function functions({ id, place }: TenantUnderTest): readonly string[] {
  const roles = Object.values(roleNames(place.name)).map(quoteText).join(', ')
  return [
    `select has_database_privilege(oid, 'connect') from pg_database where datname = ${quoteText(place.name)}`,
    `select shobj_description(oid, 'pg_database') from pg_database where datname = ${quoteText(place.name)}`,
    `select shobj_description(oid, 'pg_authid') from pg_roles where rolname in (${roles})`,
    `select pg_get_userbyid(oid), pg_has_role(oid, 'member') from pg_roles where rolname in (${roles})`,
    `select pg_tablespace_location(oid) from pg_tablespace`,
    `select current_setting('cluster_name'), current_setting('application_name'), inet_server_addr(), pg_postmaster_start_time()`,
    `select to_regrole(${quoteText(id)}), to_regnamespace(${quoteText(id)}), to_regclass(${quoteText(id)})`,
  ]
}

function refusedStatements({
  attacker,
  victim,
}: {
  readonly attacker: TenantUnderTest
  readonly victim: TenantUnderTest
}): readonly string[] {
  const name = quoteText(victim.place.name)
  return [
    ...(attacker.place.name === victim.place.name ? [] : [`select pg_database_size(${name})`]),
    'select * from pg_authid',
    'select * from pg_shadow',
    'select * from pg_statistic',
    'select * from pg_statistic_ext_data',
    'select * from pg_largeobject',
    'select * from pg_subscription',
    'select * from pg_user_mapping',
    'select * from pg_file_settings',
    'select * from pg_hba_file_rules',
    'select * from pg_ident_file_mappings',
    'select * from pg_shmem_allocations',
    'select * from pg_backend_memory_contexts',
    'select * from pg_config',
    'select * from pg_replication_origin_status',
    "select * from pg_ls_replslotdir('none')",
    "select pg_tablespace_size('pg_global')",
    'select pg_show_all_file_settings()',
  ]
}

const countable: readonly (readonly [text: string, reason: string])[] = [
  ['select count(*) from pg_database', 'that neighbours exist can be counted; their names tell nothing'],
  ['select count(*) from pg_roles', 'that neighbours exist can be counted; the names of their roles tell nothing'],
  [
    'select datid, numbackends, xact_commit, tup_inserted, tup_updated, tup_deleted, temp_bytes from pg_stat_database',
    'PostgreSQL shows every role how much each database of the server works: connections, transactions, rows read and written. A silo has no neighbours',
  ],
  [
    'select database, relation, classid, objid, objsubid, mode from pg_locks',
    'PostgreSQL shows every role which locks are held, with the numbers of advisory locks: those must not be made from values that can be guessed',
  ],
  [
    'select pid, datname, usename, application_name, backend_start from pg_stat_activity',
    'PostgreSQL shows every role that a session is there, since when, and the name its application gave itself: that name must not tell whose it is',
  ],
  ['select pg_current_snapshot()', 'transactions of all databases of a server count with one counter'],
  ['select pg_current_wal_insert_lsn()', 'all databases of a server write one log, and its position shows how much was written'],
]

const countableInPool: typeof countable = [
  [
    `select relname, reltuples, relpages from pg_class where relkind in ('r', 'p')`,
    'the size of a table in a pool is that of all tenants together; tenants have no credential to read it with',
  ],
  [
    'select relname, n_tup_ins, n_tup_upd, n_tup_del, n_live_tup from pg_stat_user_tables',
    'what is counted of a table in a pool is counted for all tenants together; tenants have no credential to read it with',
  ],
  [
    `select pg_relation_size(oid) from pg_class where relkind = 'r'`,
    'in a pool the size of a table is that of all tenants together',
  ],
]
