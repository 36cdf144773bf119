// What a database says it was made from, in the table paybill.schema_version, so that a program of another schema or other
// rules notices before its first statement.

import { rowSecurityStatements } from '../acl/row-security.ts'
import type { Rules } from '../acl/rules.ts'
import { sha256Hex } from '../lib/hash.ts'
import { schemaText } from '../schema/ddl.ts'
import type { Schema } from '../schema/table.ts'

/** The rows that every prepared database has; other modules that own tables add their own. */
export const versionNames = { guards: 'session guards', schema: 'schema', rowSecurity: 'row security' } as const

export function schemaHash(schema: Schema): string {
  return sha256Hex(schemaText(schema))
}

/** Over the statements and not the rules, so that a Paybill that writes better policies replaces them. */
export function rowSecurityHash(rules: Rules): string {
  return statementsHash(rowSecurityStatements(rules))
}

export function statementsHash(statements: readonly string[]): string {
  return sha256Hex(statements.join(';\n'))
}
