import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  type KeyOwner,
  type KeyRing,
  loadRootKey,
  type TenantKey,
  tenantKeyCreate,
  tenantKeyDestroy,
  tenantKeyFetch,
  tenantKeyFind,
} from '../../src/secret/index.ts'
import { memoryStore, scratchFolder } from './scratch.ts'

const owner: KeyOwner = { organization: 'org_1', tenant: 'ten_1' }
const context = { purpose: 'backup', id: 'bk_1' }

async function ring(): Promise<KeyRing & { readonly store: ReturnType<typeof memoryStore> }> {
  return { root: await loadRootKey(join(scratchFolder(), 'key')), store: memoryStore() }
}

async function madeKey(): Promise<TenantKey> {
  const keys = await ring()
  await tenantKeyCreate(keys, owner)
  return tenantKeyFetch(keys, owner)
}

const sealInvalid = expect.objectContaining({ code: 'SEAL_INVALID' })

test('what is sealed for a context opens for that context, and for no other', async () => {
  const key = await madeKey()
  const content = Buffer.from('the state of a tenant')
  const sealed = key.sealBytes(content, context)
  expect(key.openBytes(sealed, context)).toEqual(content)
  for (const other of [
    { ...context, purpose: 'state' },
    { ...context, id: 'bk_2' },
    { purpose: 'backup","id":"bk_1', id: '' },
  ])
    expect(() => key.openBytes(sealed, other)).toThrow(sealInvalid)
})

test('a key opens nothing of another tenant or organization, also where the wrapped key was moved there', async () => {
  const keys = await ring()
  const [first] = [owner]
  await tenantKeyCreate(keys, first)
  const sealed = (await tenantKeyFetch(keys, first)).sealBytes(Buffer.from('mine'), context)
  for (const stranger of [
    { organization: 'org_1', tenant: 'ten_2' },
    { organization: 'org_2', tenant: 'ten_1' },
  ]) {
    await tenantKeyCreate(keys, stranger)
    const key = await tenantKeyFetch(keys, stranger)
    expect(() => key.openBytes(sealed, context)).toThrow(sealInvalid)
    const [wrapped] = keys.store.kept.values()
    await keys.store.remove(stranger)
    await keys.store.put(stranger, wrapped ?? Buffer.alloc(0))
    await expect(tenantKeyFetch(keys, stranger)).rejects.toMatchObject({ code: 'SEAL_INVALID' })
  }
})

test('a wrapped key does not open under another root key, and the error names both keys and no more', async () => {
  const keys = await ring()
  await tenantKeyCreate(keys, owner)
  const root = await loadRootKey(join(scratchFolder(), 'key'))
  const attempt = tenantKeyFetch({ ...keys, root }, owner)
  await expect(attempt).rejects.toMatchObject({ code: 'SEAL_INVALID', message: expect.stringContaining(root.id) })
  await expect(attempt).rejects.toThrow(keys.root.id)
})

test('the store holds nothing that is the key, and two seals of one content differ', async () => {
  const keys = await ring()
  await tenantKeyCreate(keys, owner)
  const key = await tenantKeyFetch(keys, owner)
  const [wrapped] = keys.store.kept.values()
  expect(Buffer.from(wrapped ?? []).includes(key.payloadKey())).toBe(false)
  expect(key.sealBytes(Buffer.from('same'), context)).not.toEqual(key.sealBytes(Buffer.from('same'), context))
})

test('a destroyed key is gone for everybody, does not come back by use, and a new one opens nothing of before', async () => {
  const keys = await ring()
  await tenantKeyCreate(keys, owner)
  const before = await tenantKeyFetch(keys, owner)
  const sealed = before.sealBytes(Buffer.from('secret'), context)
  expect(await tenantKeyFind(keys, owner)).toBe(true)
  await tenantKeyDestroy(keys, owner)
  await tenantKeyDestroy(keys, owner)
  expect(await tenantKeyFind(keys, owner)).toBe(false)
  await expect(tenantKeyFetch(keys, owner)).rejects.toMatchObject({ code: 'KEY_MISSING' })
  await tenantKeyCreate(keys, owner)
  const after = await tenantKeyFetch(keys, owner)
  expect(() => after.openBytes(sealed, context)).toThrow(sealInvalid)
  expect(after.payloadKey()).not.toEqual(before.payloadKey())
})

test('a store that keeps what it was told to remove is noticed', async () => {
  const keys = await ring()
  await tenantKeyCreate(keys, owner)
  await expect(tenantKeyDestroy({ ...keys, store: { ...keys.store, remove: async () => {} } }, owner)).rejects.toMatchObject({
    code: 'KEYS_INVALID',
  })
})

test('a key is made once, however many make it', async () => {
  const keys = await ring()
  await Promise.all(Array.from({ length: 5 }, () => tenantKeyCreate(keys, owner)))
  const payloadKey = (await tenantKeyFetch(keys, owner)).payloadKey()
  await tenantKeyCreate(keys, owner)
  expect((await tenantKeyFetch(keys, owner)).payloadKey()).toEqual(payloadKey)
})

test('the keys derived for different uses differ', async () => {
  const key = await madeKey()
  const derived = [key.payloadKey(), key.secret('database'), key.secret('journal payload')].map((bytes) => bytes.toString('hex'))
  expect(new Set(derived).size).toBe(3)
})

const pieceBytes = 64 * 1024
const headerBytes = 44

test.each([0, 1, pieceBytes - 1, pieceBytes, pieceBytes + 1, 3 * pieceBytes])(
  '%d bytes come back whole, in one piece and as a stream of any chunks',
  async (length) => {
    const key = await madeKey()
    const content = randomBytes(length)
    for (const chunkBytes of [1_000, pieceBytes, pieceBytes * 2]) {
      const sealed = await joined(key.sealStream(chunks(content, chunkBytes), context))
      expect(key.openBytes(sealed, context).equals(content)).toBe(true)
      expect((await joined(key.openStream(chunks(sealed, chunkBytes), context))).equals(content)).toBe(true)
    }
    expect((await joined(key.openStream(chunks(key.sealBytes(content, context), 777), context))).equals(content)).toBe(true)
  },
)

test('content that was cut off, prolonged, reordered or changed in any part does not open', async () => {
  const key = await madeKey()
  const sealed = key.sealBytes(randomBytes(2 * pieceBytes + 10), context)
  const piece = pieceBytes + 16
  const [first, second, rest] = [
    sealed.subarray(headerBytes, headerBytes + piece),
    sealed.subarray(headerBytes + piece, headerBytes + 2 * piece),
    sealed.subarray(headerBytes + 2 * piece),
  ]
  const header = sealed.subarray(0, headerBytes)
  const damaged = [
    Buffer.alloc(0),
    sealed.subarray(0, 20),
    header,
    Buffer.concat([header, first]),
    Buffer.concat([header, first, second]), // cut off at the end of a piece
    sealed.subarray(0, -1),
    Buffer.concat([sealed, Buffer.alloc(1)]),
    Buffer.concat([header, second, first, rest]),
    Buffer.concat([header, first, rest]),
    Buffer.concat([header, first, first, second, rest]),
    ...[0, 5, 20, headerBytes, headerBytes + 20, headerBytes + piece + 3, sealed.length - 1].map((at) => flipped(sealed, at)),
  ]
  for (const bytes of damaged) {
    expect(() => key.openBytes(bytes, context)).toThrow(sealInvalid)
    await expect(joined(key.openStream(chunks(bytes, 5_000), context))).rejects.toEqual(sealInvalid)
  }
})

function flipped(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes)
  changed[at] = (changed[at] ?? 0) ^ 1
  return changed
}

async function* chunks(content: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size)
}

async function joined(content: AsyncIterable<Buffer>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(content))
}
