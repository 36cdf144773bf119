// Keeps a condition to the row that it is about. Columns are known by name alone, so a column of the outer row inside `some`,
// `every` or `none` would quietly become the column of that name of the related row: a rule that nobody wrote.

import { PaybillError } from '../lib/errors.ts'
import type { Condition, Operand } from './condition.ts'

/** A row in a condition while it is written. Each is a value of its own. */
export type OwnRow = { readonly table: string }

type Owned = Operand | Extract<Condition, { kind: 'some' | 'every' | 'none' }>

const owners = new WeakMap<Owned, OwnRow>()

/** Remembers which row an operand, or a condition on related rows, starts from. */
export function ownedBy<O extends Owned>(row: OwnRow, owned: O): O {
  owners.set(owned, row)
  return owned
}

/** The condition, if all of it is about the row. Throws RULES_INVALID where it names a column of another one. */
export function aboutOnly(row: OwnRow, condition: Condition): Condition {
  for (const owned of ownedIn(condition)) {
    const owner = owners.get(owned)
    if (owner !== undefined && owner !== row)
      throw new PaybillError(
        'RULES_INVALID',
        `a condition on rows of \`${row.table}\` names a column of another row, of \`${owner.table}\`: compare with a claim or a constant, or start from the related table`,
      )
  }
  return condition
}

// Below a quantifier the row is another one, and was asked about when that condition was made.
function ownedIn(condition: Condition): readonly Owned[] {
  switch (condition.kind) {
    case 'always':
      return []
    case 'compare':
      return [condition.left, condition.right]
    case 'in':
    case 'inClaim':
    case 'isNull':
      return [condition.operand]
    case 'and':
    case 'or':
      return condition.conditions.flatMap(ownedIn)
    case 'not':
      return ownedIn(condition.condition)
    case 'some':
    case 'every':
    case 'none':
      return [condition]
    default:
      return condition satisfies never
  }
}
