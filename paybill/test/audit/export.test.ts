import { beforeAll, expect, test } from 'vitest'
import { type ExportLine, readLines, verifyExport, writeLines } from '../../src/audit/index.ts'
import { journalLines } from '../../src/audit/export.ts'
import { type JournalDatabase, journalDatabase, writeRun } from '../journal/journal-database.ts'

async function sealedJournal() {
  const journal = await journalDatabase()
  await writeRun(journal, { entries: 3 })
  await journal.seal()
  await writeRun(journal, { tenant: 'ørsted 𐐀', entries: 2 })
  return journal
}

let original: JournalDatabase

beforeAll(async () => {
  original = await sealedJournal()
})

async function textOf(lines: readonly ExportLine[]): Promise<string> {
  return (await Array.fromAsync(writeLines(lines))).join('')
}

/** The text in pieces that end anywhere. */
function pieces(text: string, size: number): string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) => text.slice(index * size, (index + 1) * size))
}

test('an export is read back as it was written, in pieces of any size', async () => {
  const { lines } = await original.export()
  const text = await textOf(lines)
  for (const size of [7, 1_000, text.length]) expect(await Array.fromAsync(readLines(pieces(text, size)))).toEqual(lines)
})

test('an export verifies without a database, before and after it was a file', async () => {
  const { lines, using } = await original.export()
  const expected = { verified: true, entries: 5, segments: 1, unsealed: 2 }
  expect(await verifyExport(lines, using)).toMatchObject(expected)
  expect(await verifyExport(readLines([await textOf(lines)]), using)).toMatchObject(expected)
})

test('an export without payloads verifies and holds none', async () => {
  const { lines, using } = await original.export({ payloads: false })
  expect(await textOf(lines)).not.toContain('invoice.xml')
  expect(await verifyExport(lines, using)).toMatchObject({ verified: true, erased: 0 })
})

test('characters that end lines elsewhere are part of a text', async () => {
  const { lines } = await original.export()
  const odd = lines.map((line) => (line.line === 'entry' ? Object.assign(line, { path: 'a\u2028b\u0085c\r\nd' }) : line))
  expect(await Array.fromAsync(readLines([await textOf(odd)]))).toEqual(odd)
})

test('an export is of one moment, whatever is written while it is made', async () => {
  const journal = await sealedJournal()
  const count = await journal.inTransaction(async (client) => {
    const stream = journalLines(client, { payloads: true })
    await stream.next()
    await writeRun(journal, { entries: 4 })
    return (await Array.fromAsync(stream)).filter((line) => line.line === 'entry').length
  })
  expect(count).toBe(5)
})

test('a head that is newer than the export makes the export an earlier state', async () => {
  const journal = await sealedJournal()
  const { lines, using } = await journal.export()
  await journal.seal()
  const heads = await journal.heads.newest()
  expect(await verifyExport(lines, { ...using, heads })).toMatchObject({ findings: [{ kind: 'rolled-back' }] })
})

test.for<[string, (text: string) => string, string]>([
  ['that is cut off', (text) => text.slice(0, -10), 'cut off'],
  ['that lacks a line', (text) => text.replace(/\n.*\n/, '\n'), 'lines where'],
  ['that lacks its header', (text) => text.slice(text.indexOf('\n') + 1), 'begin with a header'],
  ['that goes on after its end', (text) => `${text}{"line":"end","lines":1}\n`, 'goes on'],
  ['with a line that is no JSON', (text) => text.replace('\n{', '\n['), 'line 2'],
  ['with a number that is none', (text) => text.replace('"number":1,', '"number":"1",'), 'is wrong'],
  ['of another format', (text) => text.replace('export 1', 'export 2'), 'line 1'],
  ['that is empty', () => '', 'cut off'],
])('a file %s is refused, saying where', async ([, spoil, why]) => {
  const { lines } = await original.export()
  const reading = Array.fromAsync(readLines([spoil(await textOf(lines))]))
  await expect(reading).rejects.toMatchObject({ code: 'EXPORT_INVALID', message: expect.stringContaining(why) })
})
