// The schema, rules, session and key that tests of Terraform use, apart from the test runner: a process that a test starts
// needs them too.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { acl } from 'paybill/acl'
import { asSystem, type Database } from 'paybill/database'
import { schema } from 'paybill/schema'
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
