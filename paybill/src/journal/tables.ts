// The journal's own tables, in the schema `paybill` of the database whose rows it protects. Append-only is kept by
// privilege: the application role may insert entries and read them, and can neither change nor remove one.

/** Statements that make the journal's tables, run as the owner. `:app` stands for the application role. */
export const journalTables: readonly string[] = [
  `create table paybill.run (
  id uuid primary key,
  tenant text not null check (tenant <> ''),
  workflow text not null,
  version integer not null,
  graph_hash text not null,
  key text not null,
  started_by text not null,
  agent text,
  state text not null default 'alive' check (state in ('alive', 'finished', 'failed', 'parked')),
  reason text,
  ready boolean not null default true,
  -- Counts what others than the lease holder have sent, so that a worker that goes to rest misses nothing.
  inbox integer not null default 0,
  fence bigint not null default 0,
  -- Claims since the last entry; a run that kills its workers again and again is parked.
  claims integer not null default 0,
  created_at timestamptz(3) not null default now(),
  ended_at timestamptz(3),
  unique (tenant, workflow, key)
)`,
  `create index run_ready on paybill.run (created_at) where state = 'alive' and ready`,
  // Apart from the run, so that renewing a lease never waits for an append that holds the run.
  `create table paybill.lease (
  run_id uuid primary key references paybill.run (id),
  worker text not null,
  until timestamptz not null
)`,
  `create table paybill.entry (
  run_id uuid not null references paybill.run (id),
  number integer not null,
  tenant text not null check (tenant <> ''),
  kind text not null,
  path text not null,
  at timestamptz(3) not null,
  payload_hmac bytea not null,
  hash bytea not null,
  xid xid8 not null default pg_current_xact_id(),
  primary key (run_id, number)
)`,
  `create index entry_xid on paybill.entry (xid)`,
  `create table paybill.payload (
  run_id uuid not null,
  number integer not null,
  body text not null,
  primary key (run_id, number),
  foreign key (run_id, number) references paybill.entry (run_id, number)
)`,
  `create table paybill.segment (
  tenant text not null,
  number integer not null,
  -- Entries of transactions from low on, below high.
  low xid8 not null,
  high xid8 not null,
  entries integer not null,
  -- Run, number and hash of each entry; the root is the Merkle root over them.
  leaves bytea not null,
  root bytea not null,
  previous bytea not null,
  key_id text not null,
  hash bytea not null,
  signature bytea not null,
  at timestamptz(3) not null,
  primary key (tenant, number)
)`,
  `create index segment_high on paybill.segment (high)`,
  `create unique index segment_low on paybill.segment (tenant, low)`,
  `create table paybill.attempt (
  run_id uuid not null references paybill.run (id),
  path text not null,
  calls integer not null default 0,
  refusals integer not null default 0,
  primary key (run_id, path)
)`,
  `create table paybill.budget (
  tenant text not null,
  key text not null,
  day date not null,
  spent numeric(40, 0) not null check (spent >= 0),
  primary key (tenant, key, day)
)`,
  `create table paybill.approval (
  id uuid primary key,
  tenant text not null,
  run_id uuid not null references paybill.run (id),
  path text not null,
  right_needed text not null,
  subject text not null,
  version integer not null,
  values_hash text not null,
  label_hash text not null,
  shown text not null,
  reasons text not null,
  requested_by text not null,
  state text not null default 'waiting' check (state in ('waiting', 'approved', 'refused', 'used', 'expired', 'void')),
  decided_by text,
  decided_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null
)`,
  `create index approval_waiting on paybill.approval (expires_at) where state = 'waiting'`,
  `create index approval_run on paybill.approval (run_id, path)`,
  `create index approval_page on paybill.approval (tenant, created_at, id)`,
  `create index run_page on paybill.run (tenant, created_at, id)`,
  `grant usage on schema paybill to :app`,
  `grant select, insert on paybill.entry, paybill.payload, paybill.segment to :app`,
  `grant select, insert, update on paybill.run, paybill.lease, paybill.attempt, paybill.budget, paybill.approval to :app`,
]
