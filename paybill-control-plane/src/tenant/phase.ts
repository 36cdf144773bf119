// Where a tenant stands in its life. The phase is stored and moves only in the commit of an operation; whether the tenant
// may work is not read from it alone (see access.ts), and how it is doing is derived as conditions.

/** Every phase with the phases that may follow. The same table is the column of the database, which refuses other moves. */
export const phaseMoves = {
  pending: ['provisioning', 'deprovisioning'],
  provisioning: ['active', 'provision_failed'],
  provision_failed: ['provisioning', 'deprovisioning'],
  active: ['suspended', 'updating', 'migrating'],
  suspended: ['active', 'updating', 'migrating', 'archived', 'deprovisioning'],
  updating: ['active', 'suspended', 'update_failed'],
  update_failed: ['updating', 'active', 'suspended'],
  migrating: ['active', 'suspended'],
  archived: ['provisioning', 'deprovisioning'],
  deprovisioning: ['deleted', 'deprovision_failed'],
  deprovision_failed: ['deprovisioning'],
  deleted: [],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type Phase = keyof typeof phaseMoves

/** Whether one phase may follow another at once. */
export function mayFollow(move: { readonly from: Phase; readonly to: Phase }): boolean {
  const next: readonly Phase[] = phaseMoves[move.from]
  return next.includes(move.to)
}

/** Phases in which the tenant's own application can serve it, as far as access lets it. */
export function isServing(phase: Phase): boolean {
  switch (phase) {
    case 'active':
    case 'updating':
    case 'update_failed':
    case 'migrating':
      return true
    case 'pending':
    case 'provisioning':
    case 'provision_failed':
    case 'suspended':
    case 'archived':
    case 'deprovisioning':
    case 'deprovision_failed':
    case 'deleted':
      return false
    default:
      return phase satisfies never
  }
}
