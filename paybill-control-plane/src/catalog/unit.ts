// The kinds of infrastructure that a tenant is made of, and how much of each it has for itself. Isolation is chosen for each
// kind; pooled, bridge and silo are names for common choices, and nothing else.

export const unitKinds = ['network', 'compute', 'database', 'storage', 'key', 'secret', 'identity', 'dns'] as const

export type UnitKind = (typeof unitKinds)[number]

/** For each kind whether the tenant shares a cell's unit with others or has one of its own. */
export type Units = Readonly<Record<UnitKind, 'shared' | 'dedicated'>>

export type Isolation = 'pooled' | 'bridge' | 'silo'

const allShared: Units = {
  network: 'shared',
  compute: 'shared',
  database: 'shared',
  storage: 'shared',
  key: 'shared',
  secret: 'shared',
  identity: 'shared',
  dns: 'shared',
}

/** What each preset means. */
export const isolationPresets: Readonly<Record<Isolation, Units>> = {
  pooled: allShared,
  bridge: { ...allShared, database: 'dedicated', storage: 'dedicated', key: 'dedicated' },
  silo: {
    network: 'dedicated',
    compute: 'dedicated',
    database: 'dedicated',
    storage: 'dedicated',
    key: 'dedicated',
    secret: 'dedicated',
    identity: 'dedicated',
    dns: 'dedicated',
  },
}

/** The name of a choice: everything shared is pooled, everything dedicated is silo, whatever lies between is a bridge. */
export function isolationOf(units: Units): Isolation {
  const dedicated = unitKinds.filter((kind) => units[kind] === 'dedicated').length
  if (dedicated === 0) return 'pooled'
  return dedicated === unitKinds.length ? 'silo' : 'bridge'
}
