// Runs the body of a step: in one transaction with its entry, under a session limited to its grant, within its limits.

import type { Agent } from '../acl/principal.ts'
import { PaybillError } from '../lib/errors.ts'
import { within } from '../lib/within.ts'
import type { Door } from '../invoke/door.ts'
import type { Scope, StepNode } from '../workflow/node.ts'

export async function performStep(
  door: Door,
  leaf: { readonly path: string; readonly node: StepNode; readonly scope: Scope; readonly signal: AbortSignal },
): Promise<void> {
  const { node, path } = leaf
  for (let attempt = 1; ; attempt += 1) {
    leaf.signal.throwIfAborted()
    try {
      const principal = await door.principal()
      return await door.transaction(async (tx, append) => {
        const signal = AbortSignal.any([leaf.signal, AbortSignal.timeout(node.limits.timeoutMs)])
        const session = tx.session({ principal, ...agentOf(door.agent), grant: node.grant, purpose: path })
        const context = { session, path, now: door.now(), signal }
        const work = node.run(context as never, leaf.scope as never) // the builder checked both types
        const result = await within(
          signal,
          work,
          () => new PaybillError('INTERNAL', `step \`${path}\` did not end within its time`),
        )
        await append('step.done', path, { result: result ?? null })
      })
    } catch (error) {
      leaf.signal.throwIfAborted()
      if (!mayHelpToRetry(error) || attempt >= node.limits.attempts) throw error
    }
  }
}

function agentOf(agent: Agent | null): { readonly agent?: Agent } {
  return agent === null ? {} : { agent }
}

// A refusal stays a refusal; only what the world or the code did wrong is worth another attempt.
function mayHelpToRetry(error: unknown): boolean {
  return (
    !(error instanceof PaybillError) ||
    (error.status >= 500 && !['DATABASE_UNREACHABLE', 'DATABASE_LOST'].includes(error.code)) ||
    error.code === 'CONFLICT'
  )
}
