// The keys of a journal: one that signs segments, and a root from which tenants' payload keys and other secrets are
// derived. They lie in a folder outside the database, so that whoever can change rows can still not sign for them. Not
// for keys of tenants that must be destroyed one by one: derived keys cannot be.

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'
import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { PaybillError } from '../lib/errors.ts'

export type Keys = {
  /** What others verify segments with. It lies in the folder as `public-key.pem`, to be published. */
  readonly publicKey: KeyObject
  /** Names the public key in segments. */
  readonly keyId: string
  /** An Ed25519 signature, 64 bytes. */
  sign(content: Uint8Array): Buffer
  /** The key under which a tenant's payloads are bound to their entries, 32 bytes. */
  payloadKey(tenant: string): Buffer
  /** A secret for one other purpose, 32 bytes, the same at every start. */
  secret(purpose: string): Buffer
}

const files = { signing: 'signing-key.pem', public: 'public-key.pem', root: 'root-key' } as const
const rootBytes = 32

/**
 * Reads the keys of a folder; where there is no folder, makes both with new keys. Any number of processes may do so at
 * once: one of them makes the keys, all use those. Throws KEYS_INVALID naming the file that is missing, damaged or open to others.
 *
 * @example const keys = await loadKeys('.paybill/keys')
 */
export async function loadKeys(folder: string): Promise<Keys> {
  const path = resolve(folder)
  if (!(await exists(path))) await makeKeys(path)
  await requireMode(path, 0o700)
  return {
    ...readSigning(path, {
      signing: await readPrivate(join(path, files.signing)),
      public: await readPrivate(join(path, files.public)),
    }),
    ...readRoot(join(path, files.root), await readPrivate(join(path, files.root))),
  }
}

/** Reads the public key that segments are verified with. Throws KEYS_INVALID for a file that holds none. */
export async function loadPublicKey(file: string): Promise<KeyObject> {
  return readPublic(file, await readText(file))
}

/** A short name for a public key: the first 16 hexadecimal digits of the SHA-256 over its SPKI form. */
export function keyIdOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16)
}

// INVARIANT: the folder appears under its name only when it is whole, and never replaces one that has keys: a folder
// cannot be renamed onto one that is not empty. Whoever comes second throws his own away.
async function makeKeys(folder: string): Promise<void> {
  const parent = dirname(folder)
  await mkdir(parent, { recursive: true })
  const own = `${folder}.${randomBytes(6).toString('hex')}`
  await mkdir(own, { mode: 0o700 })
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const root = randomBytes(rootBytes).toString('hex')
  await writePrivate(join(own, files.signing), String(privateKey.export({ type: 'pkcs8', format: 'pem' })))
  await writePrivate(join(own, files.public), String(publicKey.export({ type: 'spki', format: 'pem' })))
  await writePrivate(join(own, files.root), `${root} ${checksum(root)}\n`)
  await chmod(own, 0o700) // also where the umask takes more away
  await flushFolder(own)
  try {
    await rename(own, folder)
  } catch (cause) {
    await rm(own, { recursive: true })
    if (!(await exists(folder))) throw cause
  }
  await flushFolder(parent)
}

function readSigning(
  folder: string,
  pem: { readonly signing: string; readonly public: string },
): Pick<Keys, 'publicKey' | 'keyId' | 'sign'> {
  const signingKey = readSigningKey(join(folder, files.signing), pem.signing)
  const publicKey = readPublic(join(folder, files.public), pem.public)
  if (!createPublicKey(signingKey).equals(publicKey))
    throw invalid(join(folder, files.public), 'does not belong to the signing key beside it')
  return { publicKey, keyId: keyIdOf(publicKey), sign: (content) => sign(null, content, signingKey) }
}

function readSigningKey(file: string, pem: string): KeyObject {
  const key = parsed(file, () => createPrivateKey(pem))
  if (key.asymmetricKeyType !== 'ed25519') throw invalid(file, 'holds no Ed25519 key')
  return key
}

function readPublic(file: string, pem: string): KeyObject {
  // A private key in PEM would also give a public one; whoever passes it here has mixed up his files.
  if (pem.includes('PRIVATE KEY')) throw invalid(file, 'holds a private key where the public one belongs')
  const key = parsed(file, () => createPublicKey(pem))
  if (key.asymmetricKeyType !== 'ed25519') throw invalid(file, 'holds no Ed25519 key')
  return key
}

function parsed(file: string, read: () => KeyObject): KeyObject {
  try {
    return read()
  } catch (cause) {
    throw invalid(file, 'is damaged: it holds no key', cause)
  }
}

function readRoot(file: string, text: string): Pick<Keys, 'payloadKey' | 'secret'> {
  const [, hex = '', sum] = /^([0-9a-f]{64}) ([0-9a-f]{8})\n$/.exec(text) ?? []
  // A digit that changed would still be a key, and would make every payload look forged.
  if (sum !== checksum(hex)) throw invalid(file, 'is damaged: its checksum does not fit')
  const root = Buffer.from(hex, 'hex')
  const derive = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', root, new Uint8Array(), purpose, rootBytes))
  return { payloadKey: (tenant) => derive(`paybill payload ${tenant}`), secret: (purpose) => derive(`paybill secret ${purpose}`) }
}

function checksum(hex: string): string {
  return createHash('sha256').update(hex).digest('hex').slice(0, 8)
}

async function readPrivate(file: string): Promise<string> {
  const text = await readText(file)
  await requireMode(file, 0o600)
  return text
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw invalid(file, isMissing(cause) ? 'is missing' : 'cannot be read', cause)
  }
}

async function requireMode(path: string, mode: number): Promise<void> {
  // Windows keeps rights in another form.
  if (process.platform === 'win32') return
  const found = (await stat(path)).mode & 0o777
  if ((found & 0o077) !== 0)
    throw invalid(
      path,
      `is open to other accounts (mode ${found.toString(8)}): if none has read it, chmod ${mode.toString(8)} it`,
    )
}

async function writePrivate(path: string, text: string): Promise<void> {
  await using file = await open(path, 'wx', 0o600)
  await file.writeFile(text)
  await file.sync()
}

// A new name survives a power failure only when its folder was flushed. Windows cannot open folders.
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  await using handle = await open(folder, 'r')
  await handle.sync()
}

async function exists(folder: string): Promise<boolean> {
  try {
    if ((await stat(folder)).isDirectory()) return true
  } catch (cause) {
    if (isMissing(cause)) return false
    throw invalid(folder, 'cannot be read', cause)
  }
  throw invalid(folder, 'is no folder')
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

function invalid(path: string, what: string, cause?: unknown): PaybillError {
  return new PaybillError('KEYS_INVALID', `\`${path}\` ${what}`, { cause })
}
