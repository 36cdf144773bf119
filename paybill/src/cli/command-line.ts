// Finds the command that was asked for and turns its end into an exit code: 0 done, 1 refused or failed, 2 asked wrongly.

import { readFileSync } from 'node:fs'
import { errorLine } from '../lib/errors.ts'
import { approvalsCommand } from './approvals.ts'
import { auditCommand } from './audit.ts'
import type { CliIo } from './io.ts'
import { ServerProblem } from './server.ts'
import { UsageError } from './usage.ts'

const help = `usage: paybill <command> [options]

  paybill approvals list [--state STATES] [--after ID]
                                            what waits for a decision; STATES: waiting (default), approved, used,
                                            refused, expired, several joined by commas, or all; --after goes on where
                                            a list that has more ended
  paybill approvals show ID                 what exactly would be done, why a person is asked, where each value came from
  paybill approvals approve ID              approves exactly what is shown, once
  paybill approvals refuse ID               refuses it

  paybill audit verify FILE --key FILE --heads FILE
                                            whether an export of the journal is what was written: needs no database,
                                            only the public key and the heads that were published
  paybill audit export --out FILE [--database URL] [--without-payloads]
                                            writes the journal into a file (database: or PAYBILL_DATABASE_URL)

  paybill --help                            this text
  paybill --version                         the version

options of approvals
  --url URL            the address of the page (or PAYBILL_URL)
  --token-file FILE    a file that holds your token (or PAYBILL_TOKEN holds it; never on the command line, where the
                       shell's history and other users would see it)
  --json               the server's answer as JSON

exit codes: 0 done, 1 refused or failed, 2 the command was written wrongly`

/** Runs one command. Answers the exit code and never throws. */
export async function commandLine(words: readonly string[], io: CliIo): Promise<number> {
  try {
    return await dispatch(words, io)
  } catch (error) {
    if (error instanceof UsageError) {
      io.err(`${error.message}; see paybill --help`)
      return 2
    }
    io.err(error instanceof ServerProblem ? error.message : errorLine(error))
    return 1
  }
}

async function dispatch(words: readonly string[], io: CliIo): Promise<number> {
  const [command, ...rest] = words
  switch (command) {
    case 'approvals':
      return approvalsCommand(rest, io)
    case 'audit':
      return auditCommand(rest, io)
    case '--help':
    case '-h':
    case 'help':
      io.out(help)
      return 0
    case '--version':
      io.out(version())
      return 0
    case undefined:
      throw new UsageError('no command was given')
    default:
      throw new UsageError(`there is no command \`${command}\``)
  }
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return isManifest ? String(manifest.version) : 'unknown'
}
