import { verify } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadKeys, loadPublicKey } from '../../src/journal/keys.ts'
import { scratchFolder } from './journal-database.ts'

const content = Buffer.from('content')

async function keyFolder(): Promise<string> {
  const folder = join(await scratchFolder(), 'keys')
  await loadKeys(folder)
  return folder
}

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8)
}

test('keys are made once and are the same at every start', async () => {
  const folder = await keyFolder()
  const [first, second] = [await loadKeys(folder), await loadKeys(folder)]
  expect(second.keyId).toBe(first.keyId)
  expect(second.payloadKey('acme')).toEqual(first.payloadKey('acme'))
  expect(second.secret('database role')).toEqual(first.secret('database role'))
  expect(verify(null, content, second.publicKey, first.sign(content))).toBe(true)
})

test('keys of tenants and of purposes differ', async () => {
  const keys = await loadKeys(await keyFolder())
  const all = [keys.payloadKey('acme'), keys.payloadKey('other'), keys.secret('acme'), keys.secret('other')]
  expect(new Set(all.map((key) => key.toString('hex'))).size).toBe(4)
})

test('twenty that start at once use the same keys, and nothing is left beside them', async () => {
  const folder = await scratchFolder()
  const keys = await Promise.all(Array.from({ length: 20 }, () => loadKeys(join(folder, 'keys'))))
  expect(new Set(keys.map(({ keyId }) => keyId)).size).toBe(1)
  expect(new Set(keys.map((each) => each.payloadKey('acme').toString('hex'))).size).toBe(1)
  expect(await readdir(folder)).toEqual(['keys'])
})

test('other accounts can read neither the folder nor a file in it', async () => {
  const folder = await keyFolder()
  expect(await modeOf(folder)).toBe('700')
  for (const file of await readdir(folder)) expect(await modeOf(join(folder, file))).toBe('600')
})

test('the public key beside the others verifies what they sign', async () => {
  const folder = await keyFolder()
  const keys = await loadKeys(folder)
  expect(verify(null, content, await loadPublicKey(join(folder, 'public-key.pem')), keys.sign(content))).toBe(true)
})

test.for(['signing-key.pem', 'public-key.pem', 'root-key'])('a missing %s is named and never made anew', async (file) => {
  const folder = await keyFolder()
  await rm(join(folder, file))
  await expect(loadKeys(folder)).rejects.toMatchObject({
    code: 'KEYS_INVALID',
    message: expect.stringContaining(`${file}\` is missing`),
  })
  expect(await readdir(folder)).not.toContain(file)
})

test.for(['signing-key.pem', 'public-key.pem', 'root-key'])('a damaged %s is named', async (file) => {
  const folder = await keyFolder()
  const text = await readFile(join(folder, file), 'utf8')
  await writeFile(join(folder, file), text.slice(0, -20))
  await expect(loadKeys(folder)).rejects.toMatchObject({
    code: 'KEYS_INVALID',
    message: expect.stringContaining(`${file}\` is damaged`),
  })
})

test('one changed digit of the root key is noticed', async () => {
  const file = join(await keyFolder(), 'root-key')
  const text = await readFile(file, 'utf8')
  await writeFile(file, `${text.startsWith('0') ? '1' : '0'}${text.slice(1)}`)
  await expect(loadKeys(join(file, '..'))).rejects.toMatchObject({
    code: 'KEYS_INVALID',
    message: expect.stringContaining('checksum'),
  })
})

test('the public key of another folder is not taken for the own', async () => {
  const [folder, other] = [await keyFolder(), await keyFolder()]
  await writeFile(join(folder, 'public-key.pem'), await readFile(join(other, 'public-key.pem')))
  await expect(loadKeys(folder)).rejects.toMatchObject({ message: expect.stringContaining('does not belong to the signing key') })
})

test.skipIf(process.platform === 'win32')('a key that others may read is refused, with the command that closes it', async () => {
  const folder = await keyFolder()
  await chmod(join(folder, 'root-key'), 0o644)
  await expect(loadKeys(folder)).rejects.toMatchObject({ code: 'KEYS_INVALID', message: expect.stringContaining('chmod 600') })
  await chmod(join(folder, 'root-key'), 0o600)
  await chmod(folder, 0o755)
  await expect(loadKeys(folder)).rejects.toMatchObject({ code: 'KEYS_INVALID', message: expect.stringContaining('chmod 700') })
})

test('an empty folder that is there already is not filled in silence', async () => {
  const folder = join(await scratchFolder(), 'keys')
  await mkdir(folder, { mode: 0o700 })
  await expect(loadKeys(folder)).rejects.toMatchObject({ code: 'KEYS_INVALID', message: expect.stringContaining('is missing') })
})

test('a private key is not taken for a public one', async () => {
  const folder = await keyFolder()
  await expect(loadPublicKey(join(folder, 'signing-key.pem'))).rejects.toMatchObject({ code: 'KEYS_INVALID' })
})
