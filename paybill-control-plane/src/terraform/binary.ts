// Finds the Terraform that runs: the one that PAYBILL_TERRAFORM_BINARY names, else the first on PATH.

import { execFile } from 'node:child_process'
import { access, constants, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { PaybillError } from 'paybill/lib'

export type TerraformBinary = { readonly path: string; readonly version: string }

/** What of the environment decides. */
export type BinaryEnvironment = {
  readonly PAYBILL_TERRAFORM_BINARY?: string | undefined
  readonly PATH?: string | undefined
}

/**
 * The Terraform to use; null where there is none. Throws TERRAFORM_UNUSABLE where the one that is there, or that was asked
 * for, cannot be used.
 *
 * @example const binary = await findTerraform(process.env)
 */
export async function findTerraform(environment: BinaryEnvironment): Promise<TerraformBinary | null> {
  const named = environment.PAYBILL_TERRAFORM_BINARY ?? ''
  if (named === '') {
    const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
    for (const folder of folders) {
      const path = resolve(folder, 'terraform')
      if (await isExecutable(path)) return usable(path)
    }
    return null
  }
  if (!(await isExecutable(named)))
    throw new PaybillError('TERRAFORM_UNUSABLE', `PAYBILL_TERRAFORM_BINARY names \`${named}\`, which is no program`)
  return usable(resolve(named))
}

/** The program, where its version is one that the runner was made for. */
async function usable(path: string): Promise<TerraformBinary> {
  const version = await versionOf(path)
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)\./.exec(version) ?? []
  if (Number(major) < 1 || (Number(major) === 1 && Number(minor) < 11))
    throw new PaybillError('TERRAFORM_UNUSABLE', `\`${path}\` is Terraform ${version}, and 1.11 or newer is needed`)
  return { path, version }
}

const versionTimeoutMs = 20_000

async function versionOf(path: string): Promise<string> {
  // An empty configuration of our own: without it Terraform reads the one of whoever is logged in.
  const folder = await mkdtemp(join(tmpdir(), 'paybill-terraform-version-'))
  try {
    const configuration = join(folder, 'terraform.rc')
    await writeFile(configuration, '')
    const { stdout } = await promisify(execFile)(path, ['version', '-json'], {
      timeout: versionTimeoutMs,
      env: { HOME: folder, TF_CLI_CONFIG_FILE: configuration, CHECKPOINT_DISABLE: '1' },
    })
    const said: unknown = JSON.parse(stdout)
    if (typeof said === 'object' && said !== null && 'terraform_version' in said && typeof said.terraform_version === 'string')
      return said.terraform_version
    throw new Error('it does not tell its version')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new PaybillError('TERRAFORM_UNUSABLE', `\`${path} version\` does not answer as Terraform: ${reason.slice(0, 300)}`, {
      cause,
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
