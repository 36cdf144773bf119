import { appendFile, readFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Head, headsFile } from '../../src/journal/heads.ts'
import { scratchFolder } from './journal-database.ts'

const head = (tenant: string, number: number): Head => ({ tenant, number, hash: String(number).padStart(64, '0') })

async function headsPath(): Promise<string> {
  return join(await scratchFolder(), 'heads.jsonl')
}

test('the newest head of each tenant is kept, also for who opens the file later', async () => {
  const path = await headsPath()
  const heads = headsFile(path)
  await heads.publish([head('acme', 1), head('other', 1)])
  await heads.publish([head('acme', 2)])
  const expected = new Map([
    ['acme', head('acme', 2)],
    ['other', head('other', 1)],
  ])
  expect(await heads.newest()).toEqual(expected)
  expect(await headsFile(path).newest()).toEqual(expected)
})

test('what another process appends is seen', async () => {
  const path = await headsPath()
  const [here, there] = [headsFile(path), headsFile(path)]
  await here.publish([head('acme', 1)])
  expect((await there.newest()).get('acme')).toEqual(head('acme', 1))
  await here.publish([head('acme', 2)])
  await there.publish([head('acme', 3)])
  expect((await here.newest()).get('acme')).toEqual(head('acme', 3))
})

test('a file that is not there yet has no heads', async () => {
  expect(await headsFile(await headsPath()).newest()).toEqual(new Map())
})

test('a line that a crash has torn is left out, and does not spoil the next one', async () => {
  const path = await headsPath()
  await headsFile(path).publish([head('acme', 1), head('acme', 2)])
  await truncate(path, (await readFile(path)).length - 20)
  const heads = headsFile(path)
  expect((await heads.newest()).get('acme')).toEqual(head('acme', 1))
  await heads.publish([head('acme', 2)])
  expect((await headsFile(path).newest()).get('acme')).toEqual(head('acme', 2))
})

test.for([
  ['is no JSON', 'nonsense'],
  ['has another form', '{"tenant":"acme","number":"2","hash":""}'],
  ['goes back', JSON.stringify(head('acme', 1))],
  ['says another hash for the same segment', JSON.stringify({ ...head('acme', 2), hash: 'f'.repeat(64) })],
])('a line that %s is refused, with the name of the file', async ([, line]) => {
  const path = await headsPath()
  const heads = headsFile(path)
  await heads.publish([head('acme', 2)])
  await appendFile(path, `${line}\n`)
  await expect(heads.newest()).rejects.toMatchObject({ code: 'JOURNAL_BROKEN', message: expect.stringContaining(path) })
})
