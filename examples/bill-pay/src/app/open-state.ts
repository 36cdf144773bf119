// Everything that one input folder's job keeps and needs: its database, its keys, its bank and its model. State is kept
// per input folder, by the folder's real path, so that a second start goes on where the first one ended.

import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Database, openDatabase } from 'paybill/database'
import { databaseServer, type DatabaseServer } from 'paybill/embedded'
import { headsFile, journalTables, type Keys, loadKeys } from 'paybill/journal'
import { prepareDatabase } from 'paybill/migrate'
import { modelName } from '../fake-model/server.ts'
import { startProcess, type StartedProcess } from '../process-start.ts'
import { modelFromEnvironment, type ModelAddress } from './model.ts'
import { billPayRules } from './rules.ts'
import { billPaySchema } from './schema.ts'
import { stateName } from './state-name.ts'

const exampleFolder = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
// PAYBILL_HOME puts databases, keys and ledgers elsewhere than in the repository's own git-ignored folder.
const stateFolder = resolve(process.env['PAYBILL_HOME'] ?? join(dirname(dirname(exampleFolder)), '.paybill'))

export type State = {
  readonly tenant: string
  readonly folder: string
  readonly server: DatabaseServer
  readonly database: Database<typeof billPaySchema>
  readonly keys: Keys
  readonly heads: ReturnType<typeof headsFile>
  readonly bank: StartedProcess
  readonly model: ModelAddress
  close(): Promise<void>
}

/** Opens the state of an input folder, making what is not there yet. */
export async function openState(input: string, onProgress: (line: string) => void): Promise<State> {
  const name = await stateName(input)
  const folder = join(stateFolder, 'bill-pay', name)
  await mkdir(folder, { recursive: true })
  const closing: (() => Promise<unknown>)[] = []
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).toReversed()) await step()
  }
  try {
    const server = await databaseServer({ folder: stateFolder, onProgress })
    closing.push(() => server.stop())
    const keys = await loadKeys(join(folder, 'keys'))
    const { url } = await prepareDatabase({
      serverUrl: server.url,
      name: `bill_pay_${name}`,
      schema: billPaySchema,
      rules: billPayRules,
      statementLists: [{ name: 'journal', statements: journalTables }],
      secret: keys.secret('database role'),
    })
    const database = await openDatabase({ url, schema: billPaySchema, rules: billPayRules })
    closing.push(() => database.close())
    const bank = await startProcess(join(exampleFolder, 'src/fake-bank/main.ts'), ['--file', join(folder, 'bank.jsonl')])
    closing.push(() => bank.stop())
    let model = modelFromEnvironment(process.env)
    if (model === null) {
      const fake = await startProcess(join(exampleFolder, 'src/fake-model/main.ts'), ['--port', '0'])
      closing.push(() => fake.stop())
      model = { url: `${fake.url}/v1`, name: modelName, key: null }
    }
    return { tenant: name, folder, server, database, keys, heads: headsFile(join(folder, 'heads.jsonl')), bank, model, close }
  } catch (error) {
    await close()
    throw error
  }
}
