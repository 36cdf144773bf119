// Where a Terraform run stands, by the names that HCP Terraform gives. The same table is the column of the database, which
// refuses other moves. A run that was given up is `errored`; nothing leaves a final state, so a retry is another run.

/** Every state with the states that may follow. */
export const runMoves = {
  pending: ['plan_queued', 'errored', 'canceled'],
  plan_queued: ['planning', 'errored', 'canceled'],
  planning: ['planned', 'planned_and_finished', 'errored', 'canceled', 'force_canceled'],
  planned: ['cost_estimated', 'policy_checking', 'confirmed', 'discarded', 'errored', 'canceled'],
  cost_estimated: ['policy_checking', 'confirmed', 'discarded', 'errored', 'canceled'],
  policy_checking: ['policy_checked', 'policy_soft_failed', 'errored', 'canceled'],
  policy_checked: ['confirmed', 'discarded', 'errored', 'canceled'],
  policy_soft_failed: ['policy_override', 'discarded', 'errored', 'canceled'],
  policy_override: ['confirmed', 'discarded', 'errored', 'canceled'],
  confirmed: ['apply_queued', 'discarded', 'errored', 'canceled'],
  apply_queued: ['applying', 'errored', 'canceled'],
  applying: ['applied', 'errored', 'canceled', 'force_canceled'],
  applied: [],
  planned_and_finished: [],
  discarded: [],
  errored: [],
  canceled: [],
  force_canceled: [],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type RunState = keyof typeof runMoves

/** States that a run does not leave. */
export const finalRunStates = [
  'applied',
  'planned_and_finished',
  'discarded',
  'errored',
  'canceled',
  'force_canceled',
] as const satisfies readonly RunState[]

/** Whether one state may follow another at once. */
export function mayMoveRun(move: { readonly from: RunState; readonly to: RunState }): boolean {
  const next: readonly RunState[] = runMoves[move.from]
  return next.includes(move.to)
}
