// One Terraform command of a run: in the run's folder, with an environment that is made for it, under the supervisor.

import { PaybillError } from 'paybill/lib'
import type { BackendServer } from './backend-server.ts'
import type { TerraformBinary } from './binary.ts'
import type { RenderedModule } from './module.ts'
import { redactor } from './redact.ts'
import { backendRetries, type RunLimits } from './run-limits.ts'
import type { RunKind } from './run-record.ts'
import type { CommandEnd, Supervisor } from './supervise.ts'
import type { Seal, TerraformStore } from './tables.ts'
import type { WorkFolder } from './work-folder.ts'
import type { Claim } from './workspace-lock.ts'

/** What all steps of a run share. */
export type RunGround = {
  readonly store: TerraformStore
  readonly seal: Seal
  readonly binary: TerraformBinary
  /** What the caller gives to the module's programs. */
  readonly environment: Readonly<Record<string, string>>
  readonly rendered: RenderedModule
  /** The name outside of what lies at an address. */
  readonly names: Readonly<Record<string, string>>
  readonly limits: RunLimits
  readonly kind: RunKind
  readonly claim: Claim
  readonly folder: WorkFolder
  readonly backend: BackendServer
  readonly supervisor: Supervisor
  readonly onProgress: (line: string) => void
}

export type Command = {
  readonly words: readonly string[]
  /** Of the claim's phase. */
  readonly token: string
  readonly timeoutMs: number
  /** The exit codes that are no failure. */
  readonly goodCodes: readonly number[]
  /** Whether its output is what it is run for, and nothing to follow. */
  readonly isQuiet?: boolean
}

/** Runs a command and gives its output by lines. Throws TERRAFORM_FAILED with its last lines. Nothing in the error is secret. */
export async function runCommand(
  ground: RunGround,
  command: Command,
): Promise<{ readonly code: number; readonly out: readonly string[] }> {
  const { binary, folder, rendered } = ground
  const { words, token, timeoutMs, goodCodes } = command
  const [name = ''] = words
  const shown = redactor([...Object.values(rendered.sensitive), token])
  const end = await ground.supervisor.run(
    {
      binary: binary.path,
      arguments: [`-chdir=${folder.path}`, ...words],
      environment: commandEnvironment(ground, token),
      token,
    },
    { timeoutMs, onLine: (line) => (command.isQuiet === true ? undefined : ground.onProgress(shown(`${name}: ${line}`))) },
  )
  if (end.because === 'itself' && end.code !== null && goodCodes.includes(end.code)) return { code: end.code, out: end.out }
  const said = command.isQuiet === true ? [] : end.lastLines.filter((line) => line.trim() !== '')
  throw new PaybillError(
    'TERRAFORM_FAILED',
    shown(`\`terraform ${name}\` ${happened(end, timeoutMs)}: ${said.join(' | ')}`).slice(0, maxMessage),
  )
}

const maxMessage = 3_000

function happened({ because, code, signal }: CommandEnd, timeoutMs: number): string {
  switch (because) {
    case 'itself':
      return signal === null ? `ended with code ${code ?? 'unknown'}` : `was ended by ${signal}`
    case 'timed-out':
      return `was stopped after ${timeoutMs} ms`
    case 'stopped':
      return 'was stopped'
    case 'lease-lost':
      return 'was stopped because its lease could not be renewed'
    case 'supervisor-gone':
      return 'was stopped because its supervisor was gone'
    default:
      return because satisfies never
  }
}

// Made from nothing: no setting, credential or plugin folder of whoever runs this is seen by Terraform.
function commandEnvironment(
  { backend, claim, environment, folder, limits, rendered }: RunGround,
  token: string,
): Readonly<Record<string, string>> {
  const address = workspaceAddress(backend, claim)
  const retries = backendRetries(limits)
  const sensitive = Object.entries(rendered.sensitive).map(([name, value]) => [`TF_VAR_${name}`, value] as const)
  return {
    PATH: process.env['PATH'] ?? '',
    ...environment,
    ...Object.fromEntries(sensitive),
    HOME: folder.path,
    TF_CLI_CONFIG_FILE: folder.cliConfigurationFile,
    TF_DATA_DIR: folder.dataFolder,
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
    TF_HTTP_ADDRESS: address,
    TF_HTTP_LOCK_ADDRESS: address,
    TF_HTTP_UNLOCK_ADDRESS: address,
    TF_HTTP_USERNAME: claim.run,
    TF_HTTP_PASSWORD: token,
    TF_HTTP_RETRY_MAX: String(retries.count),
    TF_HTTP_RETRY_WAIT_MIN: String(retries.waitSeconds[0]),
    TF_HTTP_RETRY_WAIT_MAX: String(retries.waitSeconds[1]),
  }
}

/** Where the backend has the workspace of a claim. */
export function workspaceAddress(backend: BackendServer, { workspace }: Claim): string {
  return `${backend.url}/${workspace}`
}
