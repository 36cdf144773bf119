// Runs Terraform once, as a process of its own that a test may kill. Takes its options as one line of JSON, and prints the
// result, or the code of the error, as the last line.

import { openDatabase } from 'paybill/database'
import { PaybillError } from 'paybill/lib'
import { findTerraform, localSiloServer, type RunLimits, terraformDestroy, terraformRun } from '../../src/terraform/index.ts'
import { sealWith, storeOf, terraformRules, terraformSchema } from './terraform-schema.ts'

export type RunProgramOptions = {
  readonly url: string
  readonly workspace: string
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  readonly limits: Partial<RunLimits>
  readonly kind: 'apply' | 'destroy'
}

const given = JSON.parse(process.argv[2] ?? '') as RunProgramOptions // written by the test
const { url, workspace, folder, environment, limits, kind } = given
const database = await openDatabase({ url, schema: terraformSchema, rules: terraformRules })
try {
  const result = await (kind === 'apply' ? terraformRun : terraformDestroy)({
    workspace,
    folder,
    environment,
    limits,
    module: localSiloServer,
    input: { server: 'acme-1', password: 'canary-password' },
    store: storeOf(database, 'acme'),
    seal: sealWith(7),
    binary: await findTerraform(process.env),
    onProgress: (line) => console.log(`- ${line}`),
  })
  console.log(JSON.stringify(result))
} catch (error) {
  console.log(JSON.stringify({ error: error instanceof PaybillError ? error.code : String(error) }))
} finally {
  await database.close()
}
