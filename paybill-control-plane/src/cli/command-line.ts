// Finds the command that was asked for and turns its end into an exit code: 0 done, 1 not done. An error is one line: its code,
// what happened, what to do.

import { readFileSync } from 'node:fs'
import { errorLine, visible } from 'paybill/lib'
import { ServerProblem } from './client.ts'
import { clockCommand } from './command/clock.ts'
import { paymentsCommand } from './command/payments.ts'
import { plansCommand } from './command/plans.ts'
import { signUpCommand } from './command/sign-up.ts'
import { tenantCommand } from './command/tenant.ts'
import { tenantsCommand } from './command/tenants.ts'
import type { CliIo } from './io.ts'
import { wrong } from './words.ts'

const help = `usage: paybillctl <command> [options]

  paybillctl sign-up --name NAME --customer COMPANY --email ADDRESS --region REGION --product PRODUCT --plan PLAN
             [--seats N] [--currency EUR --interval month|year] [--wait]
                                  signs a company up; --wait watches until its tenant is active, and says what it
                                  waits for
  paybillctl tenants [--after T] [--limit N]
                                  the tenants that are not deleted
  paybillctl tenant show T        one tenant
  paybillctl tenant explain T     why it is as it is, and what happens next
  paybillctl tenant suspend T [--reason REASON]
  paybillctl tenant resume T [--reason REASON]
                                  REASON: operator (default), security, quota or payment
  paybillctl tenant delete T      suspends it, then leaves nothing of it
  paybillctl tenant preview T [--until 90d|MOMENT]
                                  what will happen if nobody pays
  paybillctl tenant route T       where it is and what it may do, as routers are told
  paybillctl tenant runs T        what Terraform did for it
  paybillctl tenant certificate T that nothing of it is left, signed; keep it byte for byte
  paybillctl payments list T      what a tenant was asked to pay
  paybillctl payments paid ID     takes note that it was paid
  paybillctl clock show           the business time
  paybillctl clock advance 45d    moves it, in a sandbox
  paybillctl plans                what is sold

  paybillctl --help               this text
  paybillctl --version            the version

options of every command
  --url URL       the address of the control plane (or PAYBILLCTL_URL)
  --json          the answer as JSON, on one line
PAYBILLCTL_KEY holds your API key; never give it on the command line, where the shell's history and other users see it.

exit codes: 0 done, 1 not done`

const commands: Readonly<Record<string, (words: readonly string[], io: CliIo) => Promise<void>>> = {
  'sign-up': signUpCommand,
  tenants: tenantsCommand,
  tenant: tenantCommand,
  payments: paymentsCommand,
  clock: clockCommand,
  plans: plansCommand,
}

/** Runs one command. Answers the exit code and never throws. */
export async function commandLine(words: readonly string[], io: CliIo): Promise<number> {
  try {
    await dispatch(words, io)
    return 0
  } catch (error) {
    io.err(error instanceof ServerProblem ? error.message : errorLine(error))
    return 1
  }
}

async function dispatch([name, ...rest]: readonly string[], io: CliIo): Promise<void> {
  if (name === '--help' || name === '-h' || name === 'help') return io.out(help)
  if (name === '--version') return io.out(version())
  if (name === undefined) throw wrong('no command was given: see `paybillctl --help`')
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) throw wrong(`there is no command \`${visible(name)}\`: see \`paybillctl --help\``)
  return command(rest, io)
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return isManifest ? String(manifest.version) : 'unknown'
}
