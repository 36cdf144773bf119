// The lines of an exported journal. A journal is exported tenant by tenant: each segment is followed by its entries in
// the order of (run, number), and the last segment by the entries that are not sealed yet. A run stands before its first
// entry; runs that have none stand at the end. Read this way, nothing has to be remembered but what is open.

import { z } from 'zod'
import { PaybillError } from '../lib/errors.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const hex = z.string().regex(/^(?:[0-9a-f]{2})*$/)
const transactionId = z.string().regex(/^[0-9]{1,20}$/)
const place = z.int().positive().max(0x7fff_ffff)

const headerLine = z.strictObject({
  line: z.literal('header'),
  format: z.literal('paybill journal export 1'),
  /** Names of the keys that signed segments. */
  keys: z.array(z.string()),
})

const segmentLine = z.strictObject({
  line: z.literal('segment'),
  tenant: z.string(),
  number: place,
  low: transactionId,
  high: transactionId,
  entries: z.int().nonnegative(),
  leaves: hex,
  root: hash,
  previous: hash,
  keyId: z.string(),
  hash,
  signature: hex,
  at: z.string(),
})

const runLine = z.strictObject({
  line: z.literal('run'),
  tenant: z.string(),
  id: z.guid(),
  workflow: z.string(),
  version: z.int(),
  state: z.string(),
})

const entryLine = z.strictObject({
  line: z.literal('entry'),
  tenant: z.string(),
  /** The number of the segment that holds it; null where none does yet. */
  segment: place.nullable(),
  run: z.guid(),
  number: place,
  kind: z.string(),
  path: z.string(),
  at: z.string(),
  payloadHmac: hex,
  hash: hex,
  /** Null where it was erased; not there in an export without payloads. */
  payload: z.string().nullable().optional(),
})

/** Says how many lines stand before it, so that a file that was cut off is not taken for a short journal. */
const endLine = z.strictObject({ line: z.literal('end'), lines: z.int().nonnegative() })

const exportLine = z.discriminatedUnion('line', [headerLine, segmentLine, runLine, entryLine, endLine])

export type HeaderLine = Readonly<z.infer<typeof headerLine>>
export type SegmentLine = Readonly<z.infer<typeof segmentLine>>
export type RunLine = Readonly<z.infer<typeof runLine>>
export type EntryLine = Readonly<z.infer<typeof entryLine>>
export type EndLine = Readonly<z.infer<typeof endLine>>
export type ExportLine = HeaderLine | SegmentLine | RunLine | EntryLine | EndLine

/** Lines wherever they come from: a database, a file, an array. */
export type ExportLines = AsyncIterable<ExportLine> | Iterable<ExportLine>

/** JSON Lines, each with its line break. */
export async function* writeLines(lines: ExportLines): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(line)}\n`
}

/**
 * Reads JSON Lines back, from text in pieces of any size. Throws EXPORT_INVALID naming the line that is none, and where
 * the file is cut off.
 *
 * @example await verifyExport(readLines(createReadStream(file, 'utf8')), { publicKey, heads })
 */
export async function* readLines(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<ExportLine> {
  let count = 0
  let last: ExportLine | undefined
  for await (const text of splitLines(pieces)) {
    if (last?.line === 'end') throw invalid('it goes on after its last line')
    last = readLine(text, count + 1)
    if (count === 0 && last.line !== 'header') throw invalid('it does not begin with a header: is it an export of a journal?')
    if (last.line === 'end' && last.lines !== count) throw invalid(`it has ${count} lines where ${last.lines} were written`)
    count += 1
    yield last
  }
  if (last?.line !== 'end') throw invalid(`it is cut off after ${count} lines`)
}

// Only the line feed ends a line: other characters that end lines elsewhere may stand inside a JSON text.
async function* splitLines(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of pieces) {
    const [first = '', ...others] = piece.split('\n')
    rest += first
    if (rest.length > longestLine) throw invalid(`it has a line of more than ${longestLine} characters`)
    for (const other of others) {
      yield rest
      rest = other
    }
  }
}

const longestLine = 100_000_000

function readLine(text: string, number: number): ExportLine {
  const parsed = exportLine.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = issue?.path.join('.') ?? ''
  throw invalid(`line ${number} is no line of an export${field === '' ? '' : `: \`${field}\` is wrong`}`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function invalid(what: string): PaybillError {
  return new PaybillError('EXPORT_INVALID', `the export cannot be read: ${what}`)
}
