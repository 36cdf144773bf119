// A database in which statements are run under an identity, beside the policies of given rules and without any predicate.

import { Client, DatabaseError } from 'pg'
import type { Rules, Subject } from '../../src/acl/index.ts'
import { identityText } from '../../src/acl/row-security.ts'
import { asAdmin, type PreparedDatabase, preparedDatabase } from '../database/prepared.ts'

export class WalledDatabase {
  readonly #rules: Rules
  readonly #prepared: PreparedDatabase
  readonly #application: Client

  private constructor(rules: Rules, prepared: PreparedDatabase, application: Client) {
    this.#rules = rules
    this.#prepared = prepared
    this.#application = application
  }

  /** Prepares a database for the rules, with rows written as nobody whom a policy holds. */
  static async make(rules: Rules, rows: string): Promise<WalledDatabase> {
    const prepared = await preparedDatabase(rules)
    await asAdmin(prepared.adminUrl, rows)
    const application = new Client({ connectionString: prepared.url })
    await application.connect()
    return new WalledDatabase(rules, prepared, application)
  }

  async drop(): Promise<void> {
    await this.#application.end()
    await this.#prepared.drop()
  }

  /** Runs a statement for somebody and undoes it: the values that it returned, or the code of its error. */
  async as(subject: Subject | null, text: string): Promise<readonly unknown[] | string> {
    return this.asIdentity(subject === null ? null : identityText(this.#rules, subject), text)
  }

  /** The same with any text as the identity; null sets none. */
  async asIdentity(identity: string | null, text: string): Promise<readonly unknown[] | string> {
    await this.#application.query('begin')
    try {
      if (identity !== null) await this.#application.query(`select set_config('paybill.identity', $1, true)`, [identity])
      const { rows } = await this.#application.query<unknown[]>({ text, rowMode: 'array' })
      return rows.flat()
    } catch (error) {
      if (error instanceof DatabaseError && error.code !== undefined) return error.code
      throw error
    } finally {
      await this.#application.query('rollback')
    }
  }

  /** Runs a statement as the server's own user. */
  async asAdmin(text: string): Promise<readonly Record<string, unknown>[]> {
    return asAdmin(this.#prepared.adminUrl, text)
  }
}
