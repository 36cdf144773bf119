// The language of row conditions: a closed set of operators over a row, its relations, the principal's claims and the
// clock, as data. Four readers understand it (memory, SQL, row level security, words); docs/acl-semantics.md says what
// each form means. A condition that cannot be expressed here is a type error, never a best effort.

/** A value in a condition. A path names to-one relations on the way to the column; an empty path is the row itself. */
export type Operand =
  | { readonly kind: 'column'; readonly path: readonly string[]; readonly column: string }
  /** The row as it was before an update; only in the check of an update rule. */
  | { readonly kind: 'before'; readonly column: string }
  | { readonly kind: 'claim'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: Scalar }
  | { readonly kind: 'now' }

/** A constant in a condition. Money is compared in one currency only: amounts in two currencies are neither equal nor ordered. */
export type Scalar = string | number | bigint | boolean | Date | { readonly minor: bigint; readonly currency: string }

export type Comparison = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge'

export type Condition =
  | { readonly kind: 'always' }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly list: readonly Scalar[] }
  /** The list is a claim; a claim that the principal lacks makes it UNKNOWN. */
  | { readonly kind: 'inClaim'; readonly operand: Operand; readonly claim: string }
  | { readonly kind: 'isNull'; readonly operand: Operand }
  | { readonly kind: 'and'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'or'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition }
  /** Over a to-many relation, read as the rule's author: unfiltered, inside the tenant. */
  | {
      readonly kind: 'some' | 'every' | 'none'
      readonly path: readonly string[]
      readonly relation: string
      readonly condition: Condition
    }
