// Validators for rows that come from outside, as Standard Schemas: the same checks that the database makes, earlier and
// with the name of what is wrong.

import { PaybillError } from '../lib/errors.ts'
import { toSql } from './codec.ts'
import type { Insert, TableName } from './rows.ts'
import type { StandardSchema } from './standard.ts'
import { type Schema, tableOf } from './table.ts'

/** A Standard Schema for what an insert into the table takes. The tenant is not part of it. */
export function insertValidator<S extends Schema, N extends TableName<S>>(
  schema: S,
  name: N,
): StandardSchema<Insert<S['tables'][N]>> {
  const { columns } = tableOf(schema, name)
  return {
    '~standard': {
      version: 1,
      vendor: 'paybill',
      validate: (value) => {
        if (typeof value !== 'object' || value === null || Array.isArray(value))
          return { issues: [{ message: 'must be an object' }] }
        const row = new Map<string, unknown>(Object.entries(value))
        const issues: { message: string; path: string[] }[] = []
        for (const key of row.keys())
          if (key === 'tenant' || !Object.hasOwn(columns, key)) issues.push({ message: 'is not a column', path: [key] })
        for (const [key, column] of Object.entries(columns)) {
          if (key === 'tenant') continue
          const given = row.get(key)
          if (given === undefined) {
            if (!column.isNullable && column.defaultTo === null) issues.push({ message: 'is missing', path: [key] })
            continue
          }
          try {
            toSql(key, column, given)
          } catch (error) {
            if (!(error instanceof PaybillError)) throw error
            issues.push({ message: error.message, path: [key] })
          }
        }
        // Every column was checked against its type just above, and nothing else is there.
        return issues.length === 0 ? { value: value as Insert<S['tables'][N]> } : { issues }
      },
    },
  }
}
