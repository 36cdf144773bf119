// A ground is a database with one generated schema and its rows. Questions follow from seed, ground and numbers alone, so
// that each can be asked again.

import type { Rules } from 'paybill/acl'
import type { Asked } from '../../paybill/test/acl/case.ts'
import type { NaiveWorld } from '../../paybill/test/acl/naive.ts'
import { ScratchWorld } from '../../paybill/test/acl/scratch-world.ts'
import { makeAsked } from './make-asked.ts'
import { makeRules } from './make-rules.ts'
import { makeRows, makeSchema } from './make-schema.ts'
import { Random } from './random.ts'

export type Ground = {
  readonly seed: number
  readonly index: number
  readonly schema: Rules['schema']
  readonly world: NaiveWorld
  readonly scratch: ScratchWorld
}

export async function makeGround(serverUrl: string, of: { readonly seed: number; readonly index: number }): Promise<Ground> {
  const random = new Random(of.seed, of.index)
  const schema = makeSchema(random)
  const world = makeRows(random, schema)
  return { ...of, schema, world, scratch: await ScratchWorld.make(serverUrl, schema, world) }
}

/** Rules for one or two tables of the ground, and those who ask under them. */
export function makeQuestion(
  ground: Ground,
  of: { readonly rules: number; readonly askers: number },
): { readonly rules: Rules; readonly asked: readonly Asked[] } {
  const random = new Random(ground.seed, ground.index, of.rules)
  const tables = [random.pick(Object.keys(ground.schema.tables)), ...random.some(Object.keys(ground.schema.tables), 0.3)]
  const distinct = [...new Set(tables)]
  const rules = makeRules(random, ground.schema, distinct)
  const asked = Array.from({ length: of.askers }, () => makeAsked(random, rules, ground.world, distinct))
  return { rules, asked }
}
