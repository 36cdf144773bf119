// What the tests of keys share: folders that are gone when the test has finished, and a store of wrapped keys.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { KeyOwner, WrappedKeyStore } from '../../src/secret/index.ts'

export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'paybill-keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A store in memory. `kept` is what it holds, for tests that look at it or move what is in it. */
export function memoryStore(): WrappedKeyStore & { readonly kept: Map<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>()
  const name = (owner: KeyOwner) => JSON.stringify([owner.organization, owner.tenant])
  return {
    kept,
    fetch: async (owner) => kept.get(name(owner)) ?? null,
    put: async (owner, wrapped) => void (kept.has(name(owner)) || kept.set(name(owner), wrapped)),
    remove: async (owner) => void kept.delete(name(owner)),
  }
}
