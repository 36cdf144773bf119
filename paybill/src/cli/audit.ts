// `paybill audit`: writes the journal of a database into a file, and verifies such a file where there is no database.

import { createReadStream } from 'node:fs'
import { access, type FileHandle, open } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { journalLines } from '../audit/export.ts'
import type { Finding } from '../audit/finding.ts'
import { readLines, writeLines } from '../audit/line.ts'
import { type Verification, verifyExport } from '../audit/verify.ts'
import { openConnections } from '../database/connection.ts'
import { plainResult } from '../database/transaction.ts'
import { headsFile } from '../journal/heads.ts'
import { keyIdOf, loadPublicKey } from '../journal/keys.ts'
import { PaybillError } from '../lib/errors.ts'
import type { CliIo } from './io.ts'
import { paint, printTable } from './table.ts'
import { UsageError } from './usage.ts'

/** Runs `paybill audit …`. Answers the exit code: 1 where the export does not verify. */
export async function auditCommand(words: readonly string[], io: CliIo): Promise<number> {
  const [verb, ...rest] = words
  if (verb === 'verify') return verify(rest, io)
  if (verb === 'export') return exportJournal(rest, io)
  throw new UsageError('`paybill audit` needs one of verify and export')
}

async function verify(words: readonly string[], io: CliIo): Promise<number> {
  const { values, positionals } = parse(words, { key: { type: 'string' }, heads: { type: 'string' } })
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new UsageError('`audit verify` needs one file: the export')
  const key = needed(values['key'], '`audit verify` needs `--key FILE`: the public key')
  const heads = needed(values['heads'], '`audit verify` needs `--heads FILE`: the heads that were published')
  const publicKey = await loadPublicKey(key)
  // A file that is not there would count as no heads at all, and nothing could be found behind them.
  await requireReadable(heads)
  await requireReadable(file)
  const verification = await verifyExport(readLines(createReadStream(file, 'utf8')), {
    publicKey,
    heads: await headsFile(heads).newest(),
  })
  printVerification(io, verification, keyIdOf(publicKey))
  return verification.verified ? 0 : 1
}

function printVerification(io: CliIo, verification: Verification, keyId: string): void {
  const { entries, segments, unsealed, erased, found, findings, verified } = verification
  if (findings.length > 0) {
    printTable(io, ['kind', 'tenant', 'run', 'entry', 'what was found'], findings.map(findingCells))
    if (found > findings.length) io.out(`and ${found - findings.length} more`)
    io.out('')
  }
  const counts = `${entries} entries, ${segments} segments signed with key ${keyId}, ${unsealed} entries not sealed yet, ${erased} payloads erased`
  io.out(`${verified ? paint(io, 'green', 'verified') : paint(io, 'red', 'NOT VERIFIED')}: ${counts}`)
}

function findingCells(finding: Finding) {
  return [
    { text: finding.kind, style: 'red' as const },
    { text: finding.tenant },
    { text: finding.run ?? '–' },
    { text: finding.number === null ? '–' : String(finding.number), isNumber: true },
    { text: finding.sentence },
  ]
}

async function exportJournal(words: readonly string[], io: CliIo): Promise<number> {
  const options = { out: { type: 'string' }, database: { type: 'string' }, 'without-payloads': { type: 'boolean' } } as const
  const { values, positionals } = parse(words, options)
  if (positionals.length > 0) throw new UsageError('`audit export` was given too many words')
  const out = needed(values['out'], '`audit export` needs `--out FILE`')
  const url = needed(
    values['database'] ?? io.env['PAYBILL_DATABASE_URL'],
    '`audit export` needs `--database URL`, or PAYBILL_DATABASE_URL',
  )
  await using file = await createFile(out)
  const connections = openConnections({ url, maxConnections: 1 })
  try {
    const count = await connections.transaction((line) => {
      const client = { query: async (statement: Parameters<typeof line.run>[0]) => plainResult(await line.run(statement, null)) }
      return writeExport(file, journalLines(client, { payloads: values['without-payloads'] !== true }))
    })
    io.out(`${count} lines written to ${out}`)
    return 0
  } finally {
    await connections.close()
  }
}

async function writeExport(file: FileHandle, lines: ReturnType<typeof journalLines>): Promise<number> {
  let count = 0
  let pending = ''
  for await (const text of writeLines(lines)) {
    count += 1
    pending += text
    if (pending.length < writeSize) continue
    await file.appendFile(pending)
    pending = ''
  }
  await file.appendFile(pending)
  await file.sync()
  return count
}

const writeSize = 1_000_000

/** A new file for its owner alone: an export may hold everything that agents have read. */
async function createFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600)
  } catch (cause) {
    throw new PaybillError('ARGUMENT_INVALID', `\`${path}\` cannot be made, or is there already`, { cause })
  }
}

async function requireReadable(path: string): Promise<void> {
  try {
    await access(path)
  } catch (cause) {
    throw new PaybillError('ARGUMENT_INVALID', `\`${path}\` cannot be read`, { cause })
  }
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>

function parse<const T extends Options>(words: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true })
  } catch (cause) {
    throw new UsageError((cause instanceof Error ? cause.message : String(cause)).split('. ')[0], { cause })
  }
}

function needed(value: string | undefined, why: string): string {
  if (value === undefined || value === '') throw new UsageError(why)
  return value
}
