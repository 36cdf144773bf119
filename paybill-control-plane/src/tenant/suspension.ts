// Why a tenant is suspended. A set of reasons and not a flag: a payment that comes in takes `payment` out of it, and leaves
// a tenant suspended that security holds.

export const suspensionReasons = ['payment', 'operator', 'security', 'quota'] as const

export type SuspensionReason = (typeof suspensionReasons)[number]

export type Suspension = {
  readonly reason: SuspensionReason
  readonly since: Date
  /** Who suspended: a person's id, or `billing`. */
  readonly by: string
}
