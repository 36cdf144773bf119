// A database with Terraform's tables, for the tests of one file.

import { type Database, openDatabase } from 'paybill/database'
import { prepareDatabase } from 'paybill/migrate'
import { temporaryDatabase } from 'paybill/testing'
import { inject } from 'vitest'
import { terraformRules, terraformSchema } from './terraform-schema.ts'

export type TerraformDatabase = {
  readonly url: string
  readonly name: string
  readonly database: Database<typeof terraformSchema>
  close(): Promise<void>
}

export async function openTerraformDatabase(): Promise<TerraformDatabase> {
  const serverUrl = inject('serverUrl')
  const { name, drop } = await temporaryDatabase({ serverUrl })
  const secret = new Uint8Array(32).fill(1)
  const { url } = await prepareDatabase({ serverUrl, name, schema: terraformSchema, rules: terraformRules, secret })
  const database = await openDatabase({ url, schema: terraformSchema, rules: terraformRules })
  const close = async (): Promise<void> => {
    await database.close()
    await drop()
  }
  return { url, name, database, close }
}
