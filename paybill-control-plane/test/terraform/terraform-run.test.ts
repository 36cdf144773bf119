// Runs of the real Terraform against a real PostgreSQL. The outside world is a folder of servers and a ledger.

import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { openDatabase } from 'paybill/database'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  findTerraform,
  type LocalSiloServer,
  localSiloServer,
  lockStanding,
  Reference,
  renderModule,
  stateBackend,
  stateFetch,
  stateRollBack,
  terraformDestroy,
  type TerraformModule,
  terraformRun,
  type TerraformRunOptions,
  type TerraformStore,
} from '../../src/terraform/index.ts'
import { serveBackend } from '../../src/terraform/backend-server.ts'
import { prepareFolder, workFolderOf } from '../../src/terraform/work-folder.ts'
import { lockBeginApply, lockClaim, workspaceEnsure } from '../../src/terraform/workspace-lock.ts'
import { openTerraformDatabase, type TerraformDatabase } from './terraform-database.ts'
import { sealWith, storeOf, terraformRules, terraformSchema } from './terraform-schema.ts'
import { cuttableLine } from './cuttable-line.ts'
import { serverProgramsIn, type ServerPrograms } from './server-programs.ts'

const binary = await findTerraform(process.env)
const skipped = binary === null ? ': SKIPPED, there is none here' : ''
const seal = sealWith(7)

let opened: TerraformDatabase
let store: TerraformStore
let outside: ServerPrograms
let lines: string[]
let workspace: string

beforeAll(async () => {
  opened = await openTerraformDatabase()
  store = storeOf(opened.database, 'acme')
})
afterAll(async () => {
  await opened.close()
})
beforeEach(async () => {
  outside = await serverProgramsIn('terraform-run')
  lines = []
  workspace = `w-${randomUUID()}`
})
afterEach(async () => {
  await outside.remove()
})

const limits = { termMs: 6_000, interruptMs: 3_000, terminateMs: 500 }
const password = 'canary-7f3b"\'$(x)'

function options(change: Partial<TerraformRunOptions<LocalSiloServer>> = {}): TerraformRunOptions<LocalSiloServer> {
  const { folder, environment } = outside
  const input = { server: 'acme-1', password }
  const onProgress = (line: string): void => void lines.push(line)
  return { workspace, module: localSiloServer, input, store, seal, binary, folder, environment, limits, onProgress, ...change }
}

/** init, plan, show and apply of the same files over the same backend, with nothing of ours around them. */
async function bareSeconds(name: string): Promise<number> {
  const bareWorkspace = `${workspace}-${name}`
  await workspaceEnsure(store, bareWorkspace)
  const terms = { termMs: 60_000, killGraceMs: 0 }
  const { claim } = await store.transaction(async (tables) =>
    lockClaim(tables, { workspace: bareWorkspace, run: randomUUID(), terms }),
  )
  const { token } = await store.transaction(async (tables) => lockBeginApply(tables, claim))
  const backend = await serveBackend({
    handler: stateBackend({ store, seal: () => seal }),
    maxBodyBytes: 1_000_000,
    onError: () => undefined,
  })
  const folder = workFolderOf(`${outside.folder}/${name}`, 1)
  await prepareFolder(folder, renderModule(localSiloServer, { server: name, password }), { providerMirror: null })
  const address = `${backend.url}/${bareWorkspace}`
  const env = {
    PATH: process.env['PATH'],
    HOME: folder.path,
    TF_CLI_CONFIG_FILE: folder.cliConfigurationFile,
    TF_DATA_DIR: folder.dataFolder,
    TF_HTTP_ADDRESS: address,
    TF_HTTP_LOCK_ADDRESS: address,
    TF_HTTP_UNLOCK_ADDRESS: address,
    TF_HTTP_USERNAME: claim.run,
    TF_HTTP_PASSWORD: token,
    TF_VAR_password: password,
    CHECKPOINT_DISABLE: '1',
    ...outside.environment,
  }
  const began = performance.now()
  for (const words of ['init -input=false', 'plan -input=false -lock=false -out=p', 'show -json p', 'apply -input=false p'])
    await promisify(execFile)(binary?.path ?? '', words.split(' '), { cwd: folder.path, env })
  const seconds = (performance.now() - began) / 1_000
  await backend.close()
  return seconds
}

const runs = () => store.terraformRun.findMany({ where: { workspace }, orderBy: { fence: 'asc' } })

test('without terraform a run is skipped, says so, and leaves nothing', async () => {
  expect(await terraformRun(options({ binary: null }))).toEqual({ state: 'skipped', reason: 'terraform not found' })
  expect(await terraformDestroy(options({ binary: null }))).toEqual({ state: 'skipped', reason: 'terraform not found' })
  expect(await store.terraformWorkspace.count({ where: { id: workspace } })).toBe(0)
})

test('an input that must not reach terraform is refused before a workspace is made', async () => {
  const input = { server: 'a; touch /tmp/x', password }
  await expect(terraformRun(options({ input }))).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' })
  expect(await store.terraformWorkspace.count({ where: { id: workspace } })).toBe(0)
})

describe.skipIf(binary === null)(`with terraform${skipped}`, () => {
  test('a run makes the server once, keeps its plan and state, and gives the workspace back', async () => {
    const result = await terraformRun(options())
    expect(result).toMatchObject({ state: 'applied', serial: 1, hasChanges: true })
    expect(outside.ledger()).toEqual(['start acme-1', 'made acme-1'])
    const [run] = await runs()
    expect(run).toMatchObject({ state: 'applied', kind: 'apply', baseSerial: 0, baseLineage: null, resultSerial: 1, error: null })
    expect(run?.intent).toBe('create terraform_data.removal acme-1\ncreate terraform_data.server acme-1')
    expect(result).toMatchObject({ planHash: run?.planHash, run: run?.id })
    expect(await lockStanding(store, workspace)).toEqual({ kind: 'free' })
    expect(readdirSync(outside.folder).flatMap((name) => readdirSync(`${outside.folder}/${name}`))).toEqual([])
  })

  test('the same run again is answered from the record, and another input plans anew', async () => {
    const first = await terraformRun(options())
    expect(await terraformRun(options())).toEqual(first)
    expect(await runs()).toHaveLength(1)
    await terraformRun(options({ input: { server: 'acme-2', password } }))
    expect(outside.servers()).toEqual(['acme-2'])
    expect(outside.ledger()).toEqual([
      'start acme-1',
      'made acme-1',
      'remove acme-1',
      'removed acme-1',
      'start acme-2',
      'made acme-2',
    ])
  })

  test('a run with nothing to change is planned_and_finished, and starts no program', async () => {
    await terraformRun(options())
    await stateRollBack(store, { workspace, seal, from: 1, to: 1 })
    expect(await terraformRun(options())).toMatchObject({ state: 'planned_and_finished', serial: 2, hasChanges: false })
    expect(outside.ledger()).toEqual(['start acme-1', 'made acme-1'])
    expect((await runs()).map(({ state }) => state)).toEqual(['applied', 'planned_and_finished'])
  })

  test('destroy removes the server, once', async () => {
    await terraformRun(options())
    expect(await terraformDestroy(options())).toMatchObject({ state: 'applied', hasChanges: true })
    expect(await terraformDestroy(options())).toMatchObject({ state: 'applied' })
    expect(outside.servers()).toEqual([])
    expect(outside.ledger()).toEqual(['start acme-1', 'made acme-1', 'remove acme-1', 'removed acme-1'])
    expect(await terraformRun(options())).toMatchObject({ state: 'applied' })
    expect(outside.servers()).toEqual(['acme-1'])
  })

  test('a server whose start failed is on record with what was said, is tried again, and is removed by destroy', async () => {
    await outside.setStart(`mkdir "$(dirname "$0")/servers/$1" 2>/dev/null; echo 'no room left' >&2; exit 3`)
    await expect(terraformRun(options())).rejects.toMatchObject({ code: 'TERRAFORM_FAILED' })
    expect((await runs()).map(({ state }) => state)).toEqual(['errored'])
    expect(await lockStanding(store, workspace)).toEqual({ kind: 'free' })
    await terraformDestroy(options())
    expect(outside.servers()).toEqual([])
    await outside.setStart(':')
    expect(await terraformRun(options())).toMatchObject({ state: 'applied' })
    expect(outside.servers()).toEqual(['acme-1'])
  })

  test('a phase that takes too long is stopped, and what it had made is kept in the state', async () => {
    await outside.setStart('sleep 60')
    const late = terraformRun(options({ limits: { ...limits, applyMs: 1_500 } }))
    await expect(late).rejects.toMatchObject({ code: 'TERRAFORM_FAILED', message: expect.stringContaining('after 1500 ms') })
    expect(await stateFetch(store, { workspace, seal })).not.toBeNull()
    expect(await lockStanding(store, workspace)).toEqual({ kind: 'free' })
  })

  test('a plan is stale where the state moved after it was made, and is not applied', async () => {
    await terraformRun(options())
    let moved: Promise<unknown> = Promise.resolve()
    const onProgress = (line: string): void => {
      if (line.startsWith('plan: Plan:')) moved = moveState()
    }
    // Behind the backs of all locks: what the check must notice whoever did it.
    const moveState = async (): Promise<void> => {
      await store.terraformWorkspace.update({ where: { id: workspace }, set: { serial: 7 } })
    }
    const input = { server: 'acme-2', password }
    await expect(terraformRun(options({ input, onProgress }))).rejects.toMatchObject({ code: 'TERRAFORM_PLAN_STALE' })
    await moved
    expect(outside.ledger()).toEqual(['start acme-1', 'made acme-1'])
    expect((await runs()).map(({ state }) => state)).toEqual(['applied', 'errored'])
  })

  test('a saved plan that is no longer the one on record is not applied', async () => {
    const changing: TerraformStore = {
      ...store,
      transaction: async (work) => {
        const result = await store.transaction(work)
        const [run] = await runs()
        if (run?.state === 'planned')
          for (const place of readdirSync(outside.folder))
            await appendFile(`${outside.folder}/${place}/${run.fence}/plan.tfplan`, 'x')
        return result
      },
    }
    const message = expect.stringContaining('saved plan')
    await expect(terraformRun(options({ store: changing }))).rejects.toMatchObject({ code: 'TERRAFORM_PLAN_STALE', message })
    expect(outside.ledger()).toEqual([])
  })

  test('a workspace that a living run holds is refused, and that run goes on', async () => {
    await outside.setStart(`while ! test -e "$(dirname "$0")/go"; do sleep 0.1; done`)
    const first = terraformRun(options())
    await expect.poll(() => outside.ledger(), { timeout: 20_000 }).toEqual(['start acme-1'])
    await expect(terraformRun(options())).rejects.toMatchObject({ code: 'TERRAFORM_LOCKED' })
    await writeFile(`${outside.root}/go`, '')
    expect(await first).toMatchObject({ state: 'applied' })
    expect(outside.ledger()).toEqual(['start acme-1', 'made acme-1'])
  })

  test('an outage of the database that is shorter than the lease is waited for', async () => {
    await outside.setStart(`while ! test -e "$(dirname "$0")/go"; do sleep 0.1; done`)
    const line = await cuttableLine(opened.url)
    const database = await openDatabase({ url: line.url, schema: terraformSchema, rules: terraformRules })
    const patient = { termMs: 12_000, interruptMs: 15_000, terminateMs: 500 }
    const run = terraformRun(options({ store: storeOf(database, 'acme'), limits: patient }))
    await expect.poll(() => outside.ledger(), { timeout: 20_000 }).toEqual(['start acme-1'])
    line.cut()
    await writeFile(`${outside.root}/go`, '')
    await expect.poll(() => outside.ledger(), { timeout: 20_000 }).toContain('made acme-1')
    await wait(500) // Terraform has asked at least once by now; nothing outside shows it.
    line.mend()
    expect(await run).toMatchObject({ state: 'applied', serial: 1 })
    await database.close()
    await line.close()
  })

  test(
    'a lease that cannot be renewed ends terraform, and the state that it could not hand over is rescued',
    { timeout: 60_000 },
    async () => {
      await outside.setStart('sleep 78')
      const line = await cuttableLine(opened.url)
      const database = await openDatabase({ url: line.url, schema: terraformSchema, rules: terraformRules })
      const run = terraformRun(options({ store: storeOf(database, 'acme'), limits: { ...limits, interruptMs: 5_000 } }))
      const failed = run.catch((error: unknown) => error)
      await expect.poll(() => outside.ledger(), { timeout: 20_000 }).toEqual(['start acme-1'])
      line.cut()
      await failed
      line.mend()
      await database.close()
      await line.close()
      expect((await lockStanding(store, workspace)).kind).not.toBe('free')
      await outside.setStart(':')
      expect(await terraformRun(options())).toMatchObject({ state: 'applied' })
      const versions = await store.terraformStateVersion.findMany({ where: { workspace }, orderBy: { serial: 'asc' } })
      expect(
        versions.map(({ source }) => source),
        lines.join('\n'),
      ).toContain('rescued')
      expect((await runs()).map(({ state }) => state)).toEqual(['errored', 'applied'])
      expect(outside.servers()).toEqual(['acme-1'])
    },
  )

  test('text reaches the state as it was given, whatever terraform could make of it', async () => {
    const texts = [
      '${file("/etc/passwd")}',
      '%{ if true }x%{ endif }',
      '$${a}',
      '$$${b}',
      '%%{c}',
      '$',
      '${',
      '"\\\n\u2028',
      'ä😀',
    ]
    const module: TerraformModule<readonly string[]> = {
      name: 'texts',
      configuration: {
        variable: { given: { type: 'list(string)' } },
        resource: { terraform_data: { fixed: { input: texts }, given: { input: new Reference('var.given') } } },
      },
      lockFile: '',
      adoption: { terraform_data: 'recreate-safe' },
      variables: (given) => ({ plain: { given }, sensitive: {} }),
      names: () => ({}),
    }
    const { folder } = outside
    await terraformRun({ workspace, module, input: texts, store, seal, binary, folder, limits })
    const state = JSON.parse(Buffer.from((await stateFetch(store, { workspace, seal }))?.bytes ?? []).toString()) as {
      readonly resources: readonly {
        readonly instances: readonly { readonly attributes: { readonly input: { readonly value: unknown } } }[]
      }[]
    }
    const inputs = state.resources.map(({ instances: [instance] }) => instance?.attributes.input.value)
    expect(inputs).toEqual([texts, texts])
  })

  test('a destroy that was interrupted is finished by the next one', async () => {
    await terraformRun(options())
    await outside.setRemove('exit 4')
    await expect(terraformDestroy(options())).rejects.toMatchObject({ code: 'TERRAFORM_FAILED' })
    expect(outside.servers()).toEqual(['acme-1'])
    await outside.setRemove(':')
    expect(await terraformDestroy(options())).toMatchObject({ state: 'applied' })
    expect(outside.servers()).toEqual([])
    expect(outside.ledger().filter((line) => line.startsWith('start'))).toHaveLength(1)
  })

  test('a run costs little more than the same commands by themselves', { timeout: 120_000 }, async () => {
    const bare: number[] = []
    const ours: number[] = []
    for (let round = 0; round < 3; round += 1) {
      bare.push(await bareSeconds(`bare-${round}`))
      const began = performance.now()
      await terraformRun(options({ workspace: `${workspace}-${round}`, input: { server: `acme-${round}`, password } }))
      ours.push((performance.now() - began) / 1_000)
    }
    const [least, ourLeast] = [Math.min(...bare), Math.min(...ours)]
    expect(ourLeast - least).toBeLessThan(Math.max(1, least))
  })

  test('a secret is in no state, plan, record, log or error, whoever prints it', async () => {
    await outside.setStart('echo "password is $PAYBILL_SERVER_PASSWORD"; echo "$PAYBILL_SERVER_PASSWORD" >&2; env >&2')
    await terraformRun(options())
    await outside.setStart('echo "password is $PAYBILL_SERVER_PASSWORD" >&2; exit 1')
    const failed = terraformRun(options({ input: { server: 'acme-2', password } }))
    const error: unknown = await failed.catch((error: unknown) => error)
    const state = await stateFetch(store, { workspace, seal })
    const plans = (await runs()).map(({ plan }) => Buffer.from(seal.open(Buffer.from(plan ?? '', 'base64'))).toString())
    const versions = await store.terraformStateVersion.findMany({ where: { workspace } })
    const locks = await store.terraformLock.findMany({ where: { workspace } })
    const rows = await runs()
    const everything = [
      lines.join('\n'),
      error instanceof Error ? `${error.message} ${error.stack ?? ''} ${String(error.cause)}` : '',
      JSON.stringify({ versions, locks, rows }),
      Buffer.from(state?.bytes ?? []).toString(),
      ...plans,
      ...versions.map(({ sealed }) => Buffer.from(sealed, 'base64').toString('latin1')),
    ].join('\n')
    expect(plans[0]).toContain('acme-1')
    expect(everything).not.toContain('canary')
    expect(everything).not.toContain(Buffer.from('canary').toString('base64').slice(0, 7))
  })

  test('terraform and its programs see nothing of the environment of this process, and the server no token', async () => {
    process.env['PAYBILL_TEST_CANARY'] = 'canary-of-the-environment'
    await outside.setStart(
      `env > "$(dirname "$0")/seen"; tr '\\0' '\\n' < /proc/$$/environ >> "$(dirname "$0")/seen" 2>/dev/null; true`,
    )
    await terraformRun(options())
    const seen = await readFile(`${outside.root}/seen`, 'utf8')
    delete process.env['PAYBILL_TEST_CANARY']
    expect(seen).toContain('PAYBILL_SERVER_ID=acme-1')
    expect(seen).not.toContain('canary-of-the-environment')
    expect(seen).not.toMatch(/TF_HTTP_PASSWORD|TF_VAR_/)
  })
})
