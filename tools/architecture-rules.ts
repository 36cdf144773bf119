// Who may import whom, as a table: docs/architecture.md explains the lines, this file draws them, tools/architecture.ts
// checks them. To move a line, change the table here and the reason there.

/** A folder of a package's src: which other folders its files may import, and what it is kept free of. `lib` is for everybody. */
export type ModuleRule = {
  readonly mayImport: readonly string[] | 'all but testing' | 'all'
  /** No node: module, no pg, no kysely: such a module decides and computes, so it can be tested and reasoned about alone. */
  readonly isPure: boolean
  /** The packages that it may import, where it is not every declared one. */
  readonly packages?: readonly string[]
  readonly why: string
}

const framework: Readonly<Record<string, ModuleRule>> = {
  lib: { mayImport: [], isPure: true, why: 'the words that everything else is written in' },
  label: { mayImport: [], isPure: true, why: 'the lattice only; knows no table and no database' },
  schema: { mayImport: ['label'], isPure: true, why: 'a column says how its cells are labelled' },
  acl: { mayImport: ['label', 'schema'], isPure: true, why: 'rules speak of tables and columns' },
  journal: { mayImport: ['label', 'schema', 'acl'], isPure: false, why: 'appends into a transaction that it is given' },
  database: { mayImport: ['label', 'schema', 'acl', 'journal'], isPure: false, why: 'rows and journal commit together' },
  action: {
    mayImport: ['label', 'schema', 'acl', 'journal', 'database'],
    isPure: false,
    why: 'an action runs with a session of the database',
  },
  workflow: {
    mayImport: ['label', 'schema', 'acl', 'journal', 'database', 'action'],
    isPure: true,
    why: 'a graph of actions and steps; `advance` is pure',
  },
  invoke: {
    mayImport: ['label', 'schema', 'acl', 'journal', 'database', 'action', 'workflow'],
    isPure: false,
    why: 'the one door: everything that it checks lies below it',
  },
  agent: {
    mayImport: ['label', 'schema', 'acl', 'journal', 'database', 'action', 'workflow', 'invoke'],
    isPure: false,
    why: 'a model acts through invoke only',
  },
  run: {
    mayImport: ['label', 'schema', 'acl', 'journal', 'database', 'action', 'workflow', 'invoke', 'agent'],
    isPure: false,
    why: 'workers carry out what all the others describe',
  },
  mcp: {
    mayImport: ['label', 'schema', 'acl', 'journal', 'database', 'action', 'workflow', 'invoke', 'agent', 'run'],
    isPure: false,
    why: 'one way to offer the actions; no other module needs it',
  },
  'ai-sdk': {
    mayImport: ['label', 'schema', 'acl', 'journal', 'database', 'action', 'workflow', 'invoke', 'agent', 'run'],
    isPure: false,
    why: 'one way to offer the actions; no other module needs it',
  },
  migrate: { mayImport: ['schema', 'acl', 'database'], isPure: false, why: 'compares the declared schema with a live database' },
  audit: {
    mayImport: ['schema', 'journal', 'database'],
    isPure: false,
    why: 'reads the record; must not depend on what wrote it',
  },
  embedded: { mayImport: [], isPure: false, why: 'starts PostgreSQL for development; knows nothing of what is kept in it' },
  cli: { mayImport: 'all but testing', isPure: false, why: 'a thin front of everything' },
  testing: { mayImport: 'all', isPure: false, why: 'what users test with; nothing that ships may lean on it' },
}

const controlPlane: Readonly<Record<string, ModuleRule>> = {
  catalog: { mayImport: [], isPure: true, why: 'what is sold; knows no customer' },
  billing: { mayImport: ['catalog'], isPure: true, why: 'a subscription is pinned to a version of a plan' },
  placement: { mayImport: ['catalog'], isPure: true, why: 'places what a plan buys; decides, and makes nothing' },
  tenant: {
    mayImport: ['catalog', 'billing', 'placement'],
    isPure: true,
    why: 'what a tenant should be follows from subscription, plan and place',
  },
  'control-database': {
    mayImport: ['catalog', 'billing', 'placement', 'tenant', 'terraform'],
    isPure: true,
    why: 'puts the tables of all parts into one schema, and says who may do what with them',
  },
  operation: {
    mayImport: ['catalog', 'billing', 'placement', 'tenant', 'control-database'],
    isPure: true,
    why: 'workflows over the control database; the world is a port that it is given',
  },
  'control-plane': {
    mayImport: ['catalog', 'billing', 'placement', 'tenant', 'control-database', 'operation'],
    isPure: true,
    why: 'what may be asked of an organization; puts all parts together, and is given the world',
  },
  http: {
    mayImport: ['catalog', 'billing', 'placement', 'tenant', 'control-database', 'operation', 'control-plane'],
    isPure: false,
    why: 'puts the control plane on HTTP; its own tables, of keys and repeated requests, are part of the control database',
  },
  cli: {
    mayImport: [],
    isPure: false,
    packages: ['paybill/lib'],
    why: 'a client of the HTTP interface: it can do nothing that any other program could not',
  },
  secret: { mayImport: [], isPure: false, why: 'keys and what is wrapped under them' },
  'tenant-database': { mayImport: ['secret'], isPure: false, why: 'the inside of a database server, and nothing else' },
  local: {
    mayImport: ['catalog', 'placement', 'operation', 'secret', 'tenant-database', 'terraform'],
    isPure: false,
    why: 'one provider of places: servers on this machine',
  },
  terraform: { mayImport: ['secret'], isPure: false, why: 'everything outside of a database server' },
  verify: {
    mayImport: ['catalog', 'placement', 'tenant', 'tenant-database', 'secret', 'local'],
    isPure: false,
    why: 'looks from the outside at what the others made; nothing that ships may lean on it',
  },
}

/** The packages, by folder, and the modules of each. */
export const packageRules: Readonly<Record<string, Readonly<Record<string, ModuleRule>>>> = {
  paybill: framework,
  'paybill-control-plane': controlPlane,
}

/** Modules that only the named modules of their package may import, beyond what the tables above allow. */
export const importedOnlyBy: Readonly<Record<string, readonly string[]>> = {
  'paybill/embedded': ['cli', 'testing'],
  'paybill/testing': [],
}

/**
 * The rest of the repository: which other files each part may reach by a relative path. The packages are reached by their
 * public entry points only. The first row whose folder begins the path counts; `*` stands for one folder's name.
 */
export const areaRules: readonly { readonly folder: string; readonly mayReach: readonly string[]; readonly why: string }[] = [
  { folder: 'paybill/test/', mayReach: ['paybill/', 'tools/'], why: 'tests of a module look inside it' },
  {
    folder: 'paybill-control-plane/test/',
    mayReach: ['paybill-control-plane/', 'tools/'],
    why: 'tests of a module look inside it',
  },
  { folder: 'examples/*/', mayReach: ['examples/*/'], why: 'an example is what a user could have written' },
  { folder: 'bench/', mayReach: ['bench/'], why: 'what is measured is the public interface, as the peers are measured' },
  {
    folder: 'proof/',
    mayReach: ['proof/', 'examples/', 'tools/', 'paybill/test/'],
    why: 'a proof runs the examples, and shares reference evaluators with the tests; it proves what users can reach',
  },
  {
    folder: 'tools/',
    mayReach: ['tools/', 'paybill/src/embedded/', 'paybill/src/testing/'],
    why: 'the tests share one database server',
  },
]

/** Imports that the table forbids and a reason allows. */
export const importExceptions: readonly { readonly file: string; readonly imports: string; readonly reason: string }[] = [
  { file: 'paybill/src/lib/hash.ts', imports: 'node:crypto', reason: 'a hash is a pure function of its input' },
]

/** Files that must have a default export, because the program that loads them asks for it. */
export const defaultExportExceptions: readonly { readonly file: string; readonly reason: string }[] = [
  { file: 'vitest.config.ts', reason: 'vitest reads its configuration from the default export' },
  { file: 'tools/closing-reporter.ts', reason: 'vitest takes a reporter file by its default export' },
]

/**
 * Calls that a reviewer must be able to list. Each use outside tests, proofs and benchmarks stands in the named file beside the
 * package.json of its workspace: one line `path: reason` per file that uses it.
 */
export const listedCalls: readonly { readonly call: string; readonly list: string; readonly why: string }[] = [
  { call: 'asSystem', list: 'system-sessions.txt', why: 'a session that is nobody in particular' },
  { call: 'dangerouslyRunSql', list: 'raw-sql.txt', why: 'SQL that no rule is woven into' },
]
