// Who acts. A principal is a person or the system; an agent acts for a principal and never with more than both may; a
// step's grant narrows further.

import type { Scalar } from './condition.ts'

/** A person, a recipient or the system, as known at the moment of the call. */
export type Principal = {
  readonly id: string
  readonly tenant: string
  readonly roles: readonly string[]
  /** Facts about the principal that conditions may use, by name: one value, a list, or null. */
  readonly claims: Readonly<Record<string, ClaimValue>>
}

export type ClaimValue = Scalar | readonly Scalar[] | null

/** An agent: its roles are intersected with the principal's rights, claims stay the principal's. */
export type Agent = { readonly id: string; readonly roles: readonly string[] }

export type DataAction = 'read' | 'create' | 'update' | 'delete'

/** What a step may touch: per table and action the fields, or `true` for delete. Nothing else. */
export type Grant = Readonly<
  Record<
    string,
    {
      readonly read?: readonly string[]
      readonly create?: readonly string[]
      readonly update?: readonly string[]
      readonly delete?: true
    }
  >
>

/** Everybody whose rights are intersected in one statement. `grant` null means no step limits it; an empty grant allows nothing. */
export type Subject = {
  readonly principal: Principal
  readonly agent: Agent | null
  readonly grant: Grant | null
}
