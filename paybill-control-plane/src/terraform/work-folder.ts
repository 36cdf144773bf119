// The folder that one claim of a workspace works in: nothing but what this run was given, readable by this user only. What
// an earlier claim left behind, because its processes were killed, is found beside it.

import { access, lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { PaybillError } from 'paybill/lib'
import type { RenderedModule } from './module.ts'

export type WorkFolder = {
  readonly path: string
  readonly planFile: string
  readonly groupFile: string
  /** What Terraform writes where it could not hand its state to us. */
  readonly erroredStateFile: string
  readonly cliConfigurationFile: string
  readonly dataFolder: string
}

/** Where a workspace's folders lie. */
export function workspaceFolder(base: string, of: { readonly workspace: string; readonly mark: string }): string {
  return resolve(base, `${of.workspace}-${of.mark}`)
}

export function workFolderOf(workspace: string, fence: number): WorkFolder {
  const path = join(workspace, String(fence))
  return {
    path,
    planFile: join(path, 'plan.tfplan'),
    groupFile: join(path, 'process-group'),
    erroredStateFile: join(path, 'errored.tfstate'),
    cliConfigurationFile: join(path, 'terraform.rc'),
    dataFolder: join(path, 'terraform-data'),
  }
}

/** Makes the folder and writes the module, its input, and a configuration of Terraform itself that knows no user. */
export async function prepareFolder(
  folder: WorkFolder,
  rendered: RenderedModule,
  options: { readonly providerMirror: string | null },
): Promise<void> {
  await mkdir(folder.path, { recursive: true, mode: 0o700 })
  const { uid, mode } = await lstat(folder.path)
  if (uid !== process.getuid?.() || (mode & 0o077) !== 0)
    throw new PaybillError(
      'ARGUMENT_INVALID',
      `\`${folder.path}\` may be read by others; a run's folder must be this user's alone`,
    )
  const write = (name: string, content: string) => writeFile(join(folder.path, name), content, { mode: 0o600 })
  await write('main.tf.json', rendered.configuration)
  await write('terraform.tfvars.json', rendered.variables)
  if (rendered.lockFile !== '') await write('.terraform.lock.hcl', rendered.lockFile)
  await writeFile(folder.cliConfigurationFile, cliConfiguration(options.providerMirror), { mode: 0o600 })
}

/** The folders of earlier claims, which nobody holds any more. */
export async function earlierFolders(workspace: string, fence: number): Promise<readonly WorkFolder[]> {
  const names = await readdir(workspace).catch(() => [])
  return names
    .filter((name) => /^\d{1,10}$/.test(name) && Number(name) < fence)
    .map(Number)
    .toSorted((left, right) => left - right)
    .map((earlier) => workFolderOf(workspace, earlier))
}

/** What Terraform could not hand over; null where there is nothing. */
export async function erroredState(folder: WorkFolder): Promise<Uint8Array | null> {
  const isThere = await access(folder.erroredStateFile).then(
    () => true,
    () => false,
  )
  return isThere ? readFile(folder.erroredStateFile) : null
}

export async function removeFolder(folder: WorkFolder): Promise<void> {
  await rm(folder.path, { recursive: true, force: true })
}

// Terraform's own syntax. A JSON text is a text of it too, but for templates, which a path does not need.
function cliConfiguration(providerMirror: string | null): string {
  if (providerMirror === null) return 'disable_checkpoint = true\n'
  if (/[$%]\{/.test(providerMirror))
    throw new PaybillError('ARGUMENT_INVALID', 'the path of the provider mirror looks like a template')
  const path = JSON.stringify(resolve(providerMirror))
  return `disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = ${path}\n  }\n}\n`
}
