import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Isolation, isolationOf, isolationPresets, unitKinds } from '../../src/catalog/index.ts'

test('each preset is called by its own name', () => {
  for (const [name, units] of Object.entries(isolationPresets)) expect(isolationOf(units)).toBe(name)
})

test('a choice is pooled only where everything is shared, and silo only where nothing is', () => {
  const share = fc.constantFrom('shared', 'dedicated')
  const choices = fc.record(
    { network: share, compute: share, database: share, storage: share, key: share, secret: share, identity: share, dns: share },
    { noNullPrototype: true },
  )
  fc.assert(
    fc.property(choices, (units) => {
      const shares = new Set(unitKinds.map((kind) => units[kind]))
      const expected: Isolation = shares.size === 2 ? 'bridge' : shares.has('shared') ? 'pooled' : 'silo'
      expect(isolationOf(units)).toBe(expected)
    }),
  )
})
