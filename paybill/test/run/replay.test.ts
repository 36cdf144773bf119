import { expect, test } from 'vitest'
import { influenceBits, type Label, systemLabel } from '../../src/label/label.ts'
import { Labeled } from '../../src/label/labeled.ts'
import { controlOf } from '../../src/run/replay.ts'

const verdict: Label = { origins: ['slip.memo#1'], writers: ['model:reader'], influence: { 'desk/1/verdict': Math.log2(3) } }
const stranger: Label = { origins: ['slip.memo#1'], writers: ['ext:slip.memo'], influence: {} }

const control = (label: Label, cases: number): Label => controlOf(new Labeled('case', label), 'desk/1/way', cases)

test('a branch on a value of the program is nobody’s choice', () => {
  expect(controlOf('case', 'desk/1/way', 4)).toEqual(systemLabel)
})

test('a branch on a decision of a model keeps the name of the decision, so that it counts once', () => {
  expect(control(verdict, 3).influence).toEqual(verdict.influence)
  expect(control(verdict, 8).influence).toEqual(verdict.influence)
})

test('a branch on what a stranger wrote counts all of its cases', () => {
  expect(control(stranger, 8).influence).toEqual({ 'desk/1/way': 3 })
  expect(control(stranger, 1).influence).toEqual({ 'desk/1/way': 1 })
})

test('a stranger’s value that a decision had a part in counts all cases, not only those of the decision', () => {
  const both: Label = { ...stranger, writers: ['ext:slip.memo', 'model:reader'], influence: verdict.influence }
  expect(influenceBits(control(both, 8))).toBe(3)
})

test('a trusted row that untrusted text looked up counts, and no more than the branch can say', () => {
  const lookedUp: Label = { origins: [], writers: ['system'], influence: { 'choose:payee:1': 10 } }
  expect(control(lookedUp, 4).influence).toEqual({ 'desk/1/way': 2 })
  expect(control({ ...lookedUp, influence: { 'choose:payee:1': 1 } }, 4).influence).toEqual({ 'choose:payee:1': 1 })
})

test('a branch keeps origins and writers', () => {
  expect(control(stranger, 2)).toMatchObject({ origins: stranger.origins, writers: stranger.writers })
})
