import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { isSignedBy, loadRootKey, loadSigningKey } from '../../src/secret/index.ts'
import { scratchFolder } from './scratch.ts'

const loaders = { 'root key': loadRootKey, 'signing key': loadSigningKey }

test.each(Object.entries(loaders))('a %s is made once, for its owner alone, and is the same ever after', async (_, load) => {
  const folder = scratchFolder()
  const file = join(folder, 'below', 'key')
  await load(file)
  const made = readFileSync(file, 'utf8')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  await load(file)
  expect(readFileSync(file, 'utf8')).toBe(made)
  expect(readdirSync(join(folder, 'below'))).toEqual(['key'])
})

test.each(Object.entries(loaders))('a %s that other accounts may read or write is refused with what to do', async (_, load) => {
  const file = join(scratchFolder(), 'key')
  await load(file)
  for (const mode of [0o640, 0o604, 0o620, 0o601]) {
    chmodSync(file, mode)
    await expect(load(file)).rejects.toMatchObject({ code: 'KEYS_INVALID', message: expect.stringContaining('chmod 600') })
  }
  chmodSync(file, 0o400)
  await load(file)
})

test.each(Object.entries(loaders))('a %s that is damaged is refused, and its content stands in no error', async (_, load) => {
  const file = join(scratchFolder(), 'key')
  await load(file)
  const whole = readFileSync(file, 'utf8')
  const middle = Math.floor(whole.length / 2)
  // A changed letter in the middle of an Ed25519 key would give another key of the same form, with an id of its own.
  const changed =
    load === loadRootKey ? [whole.slice(0, middle) + (whole[middle] === 'a' ? 'b' : 'a') + whole.slice(middle + 1)] : []
  for (const damaged of ['', whole.slice(0, -8), whole.slice(8), ...changed]) {
    writeFileSync(file, damaged)
    const error: unknown = await load(file).catch((error: unknown) => error)
    expect(error).toMatchObject({ code: 'KEYS_INVALID' })
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(whole.slice(40, 60))
  }
})

test('eight processes that start at once make one root key', async () => {
  const file = join(scratchFolder(), 'key')
  const program = `import { loadRootKey } from ${JSON.stringify(join(import.meta.dirname, '../../src/secret/index.ts'))}
    console.log((await loadRootKey(${JSON.stringify(file)})).id)`
  const ids = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
      const [output] = await Promise.all([text(child.stdout), once(child, 'exit')])
      return output.trim()
    }),
  )
  expect(new Set(ids)).toEqual(new Set([(await loadRootKey(file)).id]))
})

test('what prints a key shows none of it', async () => {
  const folder = scratchFolder()
  for (const load of Object.values(loaders)) {
    const file = join(folder, load.name)
    const key = await load(file)
    const secret = readFileSync(file, 'utf8')
      .split('\n')
      .find((line) => /^[A-Za-z0-9+/= ]{40,}$/.test(line))
      ?.slice(20, 60)
    expect(secret).toHaveLength(40)
    expect(inspect(key, { depth: 9, showHidden: true }) + JSON.stringify(key)).not.toContain(secret)
  }
})

test('secrets of different purposes differ, and are the same at every start', async () => {
  const file = join(scratchFolder(), 'key')
  const [first, second] = [await loadRootKey(file), await loadRootKey(file)]
  expect(first.secret('names')).toEqual(second.secret('names'))
  expect(first.secret('names')).not.toEqual(first.secret('passwords'))
  expect(first.secret('names')).toHaveLength(32)
})

test('a signature is good for its content and its key alone', async () => {
  const folder = scratchFolder()
  const [key, other] = [await loadSigningKey(join(folder, 'a')), await loadSigningKey(join(folder, 'b'))]
  const content = Buffer.from('certificate')
  const signature = key.sign(content)
  expect(isSignedBy(key.publicKey, { content, signature })).toBe(true)
  expect(isSignedBy(other.publicKey, { content, signature })).toBe(false)
  expect(isSignedBy(key.publicKey, { content: Buffer.from('certificatE'), signature })).toBe(false)
  expect(key.keyId).not.toBe(other.keyId)
})
