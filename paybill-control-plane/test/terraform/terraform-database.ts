// A database with Terraform's tables, for tests, and a key that seals what lies in it.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { acl } from 'paybill/acl'
import { asSystem, type Database, openDatabase } from 'paybill/database'
import { prepareDatabase } from 'paybill/migrate'
import { schema } from 'paybill/schema'
import { temporaryDatabase } from 'paybill/testing'
import { inject } from 'vitest'
import { type Seal, type TerraformStore, terraformTables } from '../../src/terraform/index.ts'

export const terraformSchema = schema({ ...terraformTables })

export const terraformRules = acl(terraformSchema, {
  roles: ['system'],
  rules: ({ allow }) => [
    allow('system').read('terraformWorkspace'),
    allow('system').create('terraformWorkspace'),
    allow('system').update('terraformWorkspace'),
    allow('system').read('terraformLock'),
    allow('system').create('terraformLock'),
    allow('system').update('terraformLock'),
    allow('system').read('terraformStateVersion'),
    allow('system').create('terraformStateVersion'),
    allow('system').read('terraformRun'),
    allow('system').create('terraformRun'),
    allow('system').update('terraformRun'),
    allow('system').read('terraformMoment'),
    allow('system').create('terraformMoment'),
    allow('system').delete('terraformMoment'),
  ],
})

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

export function storeOf(database: Database<typeof terraformSchema>, organization: string): TerraformStore {
  return database.session({ principal: asSystem('terraform', organization), purpose: 'test' })
}

/** AES-256-GCM with a key made of one byte. */
export function sealWith(keyByte: number): Seal {
  const key = new Uint8Array(32).fill(keyByte)
  return {
    seal: (bytes) => {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
    },
    open: (bytes) => {
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
      decipher.setAuthTag(bytes.subarray(-16))
      return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()])
    },
  }
}
