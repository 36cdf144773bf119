// One transaction on one connection. It begins with its first statement, in the same message; a failed statement ends all
// of it, also where the caller went on; nothing runs in it after its end.

import type { ClientBase } from 'pg'
import { PaybillError } from '../lib/errors.ts'
import type { SqlStatement } from '../lib/sql.ts'
import { isConnectionBroken, statementFailure } from './failure.ts'
import type { Prefix, Result, WireStatement } from './identified-query.ts'
import { beginPrefix, identityPrefix, send } from './send.ts'
import { wireStatement } from './wire-values.ts'

/** One open transaction. Statements asked for at the same time wait for each other. */
export type Line = { run(statement: SqlStatement, identity: string | null): Promise<Result> }

export type OpenTransaction = {
  readonly line: Line
  /** Waits for every statement asked for. Throws the first failure, or DATABASE_LOST where nobody knows how it ended. */
  commit(): Promise<void>
  /** Whether the connection can be used again. */
  rollback(): Promise<boolean>
}

export function openTransaction(client: ClientBase): OpenTransaction {
  let state: 'open' | 'closing' | 'over' = 'open'
  let failure: PaybillError | null = null
  let isBroken = false
  let hasBegun = false
  // The setting is empty when a transaction begins; a statement of nobody must find it empty again.
  let currentIdentity = ''
  let lastTurn: Promise<unknown> = Promise.resolve()

  const inTurn = <R>(step: () => Promise<R>): Promise<R> => {
    const turn = lastTurn.then(step)
    lastTurn = turn.catch(ignore)
    return turn
  }

  const sendNext = async (statement: WireStatement, prefixes: readonly Prefix[]): Promise<Result> => {
    try {
      return await send(client, statement, prefixes)
    } catch (error) {
      isBroken ||= isConnectionBroken(error)
      failure = statementFailure(error)
      throw failure
    }
  }

  const runNext = (statement: WireStatement, identity: string): Promise<Result> => {
    if (failure !== null) throw failure
    if (state === 'over') throw over()
    const prefixes = [...(hasBegun ? [] : [beginPrefix]), ...(identity === currentIdentity ? [] : [identityPrefix(identity)])]
    hasBegun = true
    currentIdentity = identity
    return sendNext(statement, prefixes)
  }

  return {
    line: {
      run: async (statement, identity) => {
        if (state !== 'open') throw over()
        const wired = wireStatement(statement)
        return inTurn(async () => runNext(wired, identity ?? ''))
      },
    },
    commit: async () => {
      state = 'closing'
      await inTurn(async () => {
        if (failure !== null) throw failure
        if (!hasBegun) return
        await sendNext({ name: 'paybill_commit', text: 'commit', values: [] }, []).catch((error: unknown) => {
          throw isBroken ? commitUnknown(error) : error
        })
      })
      state = 'over'
    },
    rollback: async () => {
      state = 'over'
      await lastTurn
      if (isBroken) return false
      if (!hasBegun) return true
      return send(client, { name: undefined, text: 'rollback', values: [] }, []).then(isTrue, isFalse)
    },
  }
}

function over(): PaybillError {
  return new PaybillError('TRANSACTION_OVER', 'a statement was asked for after the end of its transaction')
}

function commitUnknown(cause: unknown): PaybillError {
  return new PaybillError('DATABASE_LOST', 'the connection broke during commit; whether it took effect is not known', { cause })
}

function ignore(): void {}
const isTrue = () => true
const isFalse = () => false
