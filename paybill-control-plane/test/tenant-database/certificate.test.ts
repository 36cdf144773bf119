import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadSigningKey, type SigningKey } from '../../src/secret/index.ts'
import { certificateSign, certificateVerify, type Deletion } from '../../src/tenant-database/index.ts'
import { scratchFolder } from '../secret/scratch.ts'

const deletion: Deletion = {
  organization: 'org_1',
  tenant: 'ten_1',
  operation: 'op_9',
  isolation: 'bridge',
  rows: { order: 300, 'paybill.entry': 5 },
  databases: ['paybill_t_1'],
  servers: [],
  backup: { id: 'bk_1', sha256: 'ab'.repeat(32) },
  isKeyDestroyed: true,
  residue: [],
  at: new Date('2026-03-01T12:00:00Z'),
}

async function signed(): Promise<{
  readonly key: SigningKey
  readonly text: string
  readonly keys: ReadonlyMap<string, SigningKey['publicKey']>
}> {
  const key = await loadSigningKey(join(scratchFolder(), 'key'))
  return { key, text: certificateSign(deletion, key), keys: new Map([[key.keyId, key.publicKey]]) }
}

const notSigned = expect.objectContaining({ code: 'CERTIFICATE_INVALID' })

test('a certificate says what was deleted, and verifies with the public key', async () => {
  const { text, keys, key } = await signed()
  expect(certificateVerify(text, keys)).toEqual({
    format: 'paybill deletion certificate 1',
    organization: 'org_1',
    tenant: 'ten_1',
    operation: 'op_9',
    isolation: 'bridge',
    rows: { order: 300, 'paybill.entry': 5 },
    databases: ['paybill_t_1'],
    servers: [],
    backup: { id: 'bk_1', sha256: 'ab'.repeat(32) },
    keyDestroyed: true,
    residue: 0,
    at: '2026-03-01T12:00:00.000Z',
    keyId: key.keyId,
  })
})

test('a change of any single character is noticed', async () => {
  const { text, keys } = await signed()
  for (let at = 0; at < text.length; at += 1) {
    const other = text[at] === 'x' ? 'y' : 'x'
    expect(() => certificateVerify(text.slice(0, at) + other + text.slice(at + 1), keys), `character ${at}`).toThrow(notSigned)
    expect(() => certificateVerify(text.slice(0, at) + text.slice(at + 1), keys), `without character ${at}`).toThrow(notSigned)
  }
})

test('every changed, removed or added field is noticed, in whatever form it is written', async () => {
  const { text, keys } = await signed()
  const fields = JSON.parse(text) as Record<string, unknown>
  for (const name of Object.keys(fields)) {
    const { [name]: value, ...without } = fields
    const changed = [
      without,
      { ...fields, [name]: typeof value === 'number' ? value + 1 : 'other' },
      { ...fields, [name]: null },
      { ...fields, [`${name}x`]: value },
    ]
    for (const forged of changed) {
      const sorted = Object.fromEntries(Object.entries(forged).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      expect(() => certificateVerify(JSON.stringify(sorted), keys), name).toThrow(notSigned)
    }
  }
  for (const form of [
    JSON.stringify(fields, null, 2),
    ` ${text}`,
    `${text}\n`,
    text.replace('{', '{"residue":1,'),
    '',
    'null',
    '[]',
    '"x"',
  ])
    expect(() => certificateVerify(form, keys)).toThrow(notSigned)
})

test('a certificate of an unknown key is refused, and one of an earlier key is good while that is known', async () => {
  const [first, second] = [await signed(), await signed()]
  expect(() => certificateVerify(first.text, second.keys)).toThrow(notSigned)
  expect(() => certificateVerify(first.text, new Map([[first.key.keyId, second.key.publicKey]]))).toThrow(notSigned)
  expect(certificateVerify(first.text, new Map([...second.keys, ...first.keys])).tenant).toBe('ten_1')
})

test('something else that the same key signed is no certificate', async () => {
  const { key, keys } = await signed()
  const content = { format: 'another thing', keyId: key.keyId }
  const text = `{"format":"another thing","keyId":"${key.keyId}"}`
  const signature = key.sign(Buffer.from(text)).toString('base64')
  expect(JSON.stringify(content)).toBe(text)
  expect(() => certificateVerify(JSON.stringify({ ...content, signature }), keys)).toThrow(notSigned)
})

test('a deletion that is not over is not certified', async () => {
  const { key } = await signed()
  const left = { kind: 'role', where: 'server', what: 'role_1' } as const
  expect(() => certificateSign({ ...deletion, isKeyDestroyed: false }, key)).toThrow(
    expect.objectContaining({ code: 'CONFLICT' }),
  )
  expect(() => certificateSign({ ...deletion, residue: [left] }, key)).toThrow(
    expect.objectContaining({ code: 'CONFLICT', message: expect.stringContaining('role_1') }),
  )
})
