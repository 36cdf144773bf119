import { expect, test } from 'vitest'
import { tamperControls, verifyExport } from '../../src/audit/index.ts'
import { journalDatabase, writeRun } from '../journal/journal-database.ts'

test('all five controls are planted in a copy and found, in less than two seconds for 400 entries', async () => {
  const journal = await journalDatabase()
  for (let run = 0; run < 20; run += 1) {
    await writeRun(journal, { entries: 20, isEnded: run % 2 === 0 })
    if (run % 5 === 0) await journal.seal()
  }
  await journal.seal()
  const { lines, using } = await journal.export()
  const began = performance.now()
  expect(await tamperControls(lines, using)).toEqual({ seeded: 5, found: 5, missed: [] })
  expect(performance.now() - began).toBeLessThan(2_000)
  expect(await verifyExport(lines, using)).toMatchObject({ verified: true, entries: 400 })
})

test('controls are found in the smallest journal that can hold them, and beside entries that are not sealed', async () => {
  const journal = await journalDatabase()
  await writeRun(journal, { entries: 2 })
  await journal.seal()
  await writeRun(journal, { entries: 3 })
  const { lines, using } = await journal.export()
  expect(await tamperControls(lines, using)).toEqual({ seeded: 5, found: 5, missed: [] })
})

test('nothing counts as planted in a journal that has nothing to damage', async () => {
  const { lines, using } = await (await journalDatabase()).export()
  expect(await tamperControls(lines, using)).toEqual({ seeded: 0, found: 0, missed: [] })
})

test('a control that the verifier cannot see is named as missed', async () => {
  const journal = await journalDatabase()
  await writeRun(journal, { entries: 3 })
  await journal.seal()
  const { lines, using } = await journal.export()
  // Who asks with heads of another database cannot see that this one was put back.
  const blind = { ...using, heads: new Map([['nobody', { tenant: 'nobody', number: 0, hash: '' }]]) }
  expect(await tamperControls(lines, blind)).toEqual({ seeded: 5, found: 4, missed: ['a database put back'] })
})

test('no control counts as found in a journal that is damaged already', async () => {
  const journal = await journalDatabase()
  const run = await writeRun(journal, { entries: 3 })
  await journal.seal()
  await journal.damage(`update paybill.entry set path = 'elsewhere' where run_id = $1 and number = 2`, [run])
  const { lines, using } = await journal.export()
  expect(await tamperControls(lines, using)).toMatchObject({ seeded: 5, found: 0 })
})
