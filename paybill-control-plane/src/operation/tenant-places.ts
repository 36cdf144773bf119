// What operations need of the world: servers and databases that tenants live in. The local provider and the clouds each
// implement it. Everything is safe to repeat, and `find` says from the outside what is there.

import type { Isolation } from '../catalog/unit.ts'

/** What is to be made, and for whom. `operation` is left on what is made, so that it can be found again. */
export type PlaceOrder = {
  readonly tenantId: string
  readonly isolation: Isolation
  readonly cell: string
  readonly operation: string
}

/** It is as it was asked for. */
export type PlaceMade = { readonly kind: 'made' }

/** A text that came of it: what a backup holds as JSON, or a certificate. */
export type TextMade = { readonly kind: 'made'; readonly text: string }

/** Nothing was made and trying again would not help. */
export type PlaceRefused = { readonly kind: 'refused'; readonly reason: string }

export type TenantPlaces = {
  /** Under which workspace Terraform keeps what the tenant has outside of databases, null where it has nothing there. */
  readonly workspaceOf: (order: Pick<PlaceOrder, 'tenantId' | 'isolation'>) => string | null
  /** The name of the tenant's database on its server, null where the tenant is rows among others'. Depends on nothing else. */
  readonly nameOf: (order: Pick<PlaceOrder, 'tenantId' | 'isolation'>) => string | null
  readonly server: {
    readonly create: (order: PlaceOrder, signal: AbortSignal) => Promise<PlaceMade | PlaceRefused>
    readonly start: (order: PlaceOrder, signal: AbortSignal) => Promise<PlaceMade | PlaceRefused>
    /** Data is kept, connecting is refused. */
    readonly stop: (order: PlaceOrder, signal: AbortSignal) => Promise<PlaceMade>
    readonly destroy: (order: PlaceOrder, signal: AbortSignal) => Promise<PlaceMade>
  }
  readonly database: {
    readonly create: (order: PlaceOrder, signal: AbortSignal) => Promise<PlaceMade | PlaceRefused>
    readonly find: (order: PlaceOrder) => Promise<PlaceMade | null>
    /** Lets the tenant in again. */
    readonly open: (order: PlaceOrder, signal: AbortSignal) => Promise<PlaceMade | PlaceRefused>
    /** Keeps the tenant out and ends its connections; its rows stay. */
    readonly close: (order: PlaceOrder, signal: AbortSignal) => Promise<PlaceMade>
    readonly destroy: (order: PlaceOrder, signal: AbortSignal) => Promise<PlaceMade>
  }
  readonly data: {
    /** The last backup of all rows, encrypted with the tenant's key: made once, however often it is asked for. */
    readonly backup: (order: PlaceOrder, signal: AbortSignal) => Promise<TextMade | PlaceRefused>
    /** Looks for what is left of the tenant, and signs that nothing is. `backup` is what `backup` answered. */
    readonly certify: (order: PlaceOrder & { readonly backup: string }, signal: AbortSignal) => Promise<TextMade | PlaceRefused>
  }
}
