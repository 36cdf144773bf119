// What a product's tenant databases hold, whatever their model.

import type { Rules } from 'paybill/acl'
import type { StatementList } from 'paybill/migrate'
import type { Schema } from 'paybill/schema'

export type Application = {
  readonly schema: Schema
  readonly rules: Rules
  /** Of other modules that own tables in the same database, such as the journal. */
  readonly statementLists: readonly StatementList[]
}

/** A database, and how to connect to its server as the user that may create databases and roles. */
export type DatabasePlace = { readonly serverUrl: string; readonly name: string }
