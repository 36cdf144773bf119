import { expect, test } from 'vitest'
import { finalRunStates, mayMoveRun, runMoves, type RunState } from '../../src/terraform/run-state.ts'

const states = Object.keys(runMoves) as readonly RunState[] // the table has exactly these keys

function reachableFrom(start: RunState, without: readonly RunState[] = []): ReadonlySet<RunState> {
  const found = new Set<RunState>([start])
  for (const state of found) for (const to of states) if (mayMoveRun({ from: state, to }) && !without.includes(to)) found.add(to)
  return found
}

test('every state can be reached from the first, and only final states are never left', () => {
  expect(reachableFrom('pending')).toEqual(new Set(states))
  expect(states.filter((state) => runMoves[state].length === 0)).toEqual(finalRunStates)
})

test('nothing is applied that was not planned and confirmed', () => {
  expect(reachableFrom('pending', ['planned']).has('applying')).toBe(false)
  expect(reachableFrom('pending', ['confirmed']).has('applying')).toBe(false)
})

test('what failed its policy is confirmed only where somebody overrode it', () => {
  expect(reachableFrom('policy_soft_failed', ['policy_override']).has('confirmed')).toBe(false)
  expect(mayMoveRun({ from: 'policy_override', to: 'confirmed' })).toBe(true)
})
