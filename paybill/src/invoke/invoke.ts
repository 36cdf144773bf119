// The one door. Every effect outside a step's own rows passes through `invoke`: ten checks in one order, seven of them
// pure, three in the transaction that writes the intent. An auditor should be able to read this file from top to bottom.
//
//  1 resolve arguments, value and label together     6 confidentiality: the recipient may read every origin
//  2 every value is of the declared form             7 the decision: allow, deny, ask
//  3 the graph allows this action here               8 attempt counted, totals reserved, rows checked
//  4 the rules allow it, as they are now             9 the intent: after it is committed, the effect may happen
//  5 each argument accepts who chose it             10 the entry, in the same commit
//
// INVARIANT: nothing happens outside before the intent is committed, and no intent is committed unless all checks passed.

import { mayAct } from '../acl/decide.ts'
import type { Principal, Subject } from '../acl/principal.ts'
import type { Action } from '../action/action.ts'
import type { Transaction } from '../database/transaction.ts'
import { influenceBits, isCounted, join, type Label } from '../label/label.ts'
import { Labeled } from '../label/labeled.ts'
import { encodeCanonical } from '../lib/canonical.ts'
import { PaybillError } from '../lib/errors.ts'
import { sha256Hex } from '../lib/hash.ts'
import { approvalAsk, approvalHashes, approvalUse, approvalVoid, type ShownValue } from './approval-store.ts'
import {
  type Accepted,
  checkAccepts,
  checkForms,
  checkInfluence,
  type ResolvedArguments,
  resolveArguments,
  sourceOf,
} from './arguments.ts'
import { budgetLock, budgetSpend } from './budget.ts'
import type { Append, Door } from './door.ts'
import { checkRecipient, checkRecipientRows } from './recipients.ts'
import { type Question, type Refusal, refusal } from './refusal.ts'

export type Call = {
  readonly path: string
  readonly action: Action
  /** What the graph allows at this place: exactly these actions, this often. */
  readonly allowed: { readonly actions: readonly string[]; readonly calls: number; readonly refusals: number }
  readonly values: Readonly<Record<string, unknown>>
  /** The label of the decisions that led here. */
  readonly control: Label
  /** The approval that a person gave for this very call, or null. */
  readonly approval: string | null
}

export type Verdict =
  | { readonly kind: 'intent'; readonly values: Readonly<Record<string, unknown>>; readonly idempotencyKey: string }
  | { readonly kind: 'asked'; readonly approval: string }
  | Refusal

/** A call that passed the pure checks, with what is left to the transaction. */
type Checked = {
  readonly kind: 'checked'
  readonly resolved: ResolvedArguments
  readonly accepted: Accepted
  readonly recipient: Principal | null
  readonly label: Label
}

export async function invoke(door: Door, call: Call): Promise<Verdict> {
  const principal = await door.principal()
  const subject: Subject = { principal, agent: door.agent, grant: null }
  const checked = await check(door, call, subject)
  return door.transaction(async (tx, append) => {
    const counted = await countAttempt(tx, door, call)
    const verdict = counted ?? (checked.kind === 'refusal' ? checked : await act(tx, append, door, call, subject, checked))
    if (verdict.kind === 'refusal') {
      await countRefusal(tx, door, call)
      const { code, reason, argument, origins, writers } = verdict
      await append('action.refused', call.path, {
        action: call.action.name,
        version: call.action.version,
        code,
        reason,
        argument,
        origins,
        writers,
      })
    }
    return verdict
  })
}

/** Checks 1 to 7, in order: the first that fails is the answer. */
async function check(door: Door, call: Call, subject: Subject): Promise<Checked | Refusal> {
  const { action } = call
  const given = resolveArguments(action, call.values)
  if (isRefusal(given)) return given
  const resolved = await checkForms(action, given)
  if (isRefusal(resolved)) return resolved

  if (!call.allowed.actions.includes(action.name))
    return refusal('STEP_NOT_ALLOWED', `\`${call.path}\` does not allow \`${action.name}\``)

  const now = door.now()
  const right = mayAct(door.rules, subject, action.name, now)
  if (!right.allowed) return refusal('DENIED', right.reason)

  const accepted = checkAccepts(action, resolved)
  if (accepted.kind === 'refusal') return accepted
  if (influenceBits(call.control) > action.influence) {
    const bits = influenceBits(call.control).toFixed(1)
    return refusal(
      'ARGUMENT_NOT_ACCEPTED',
      `untrusted text may have chosen ${bits} bits of whether \`${action.name}\` runs, which allows ${action.influence}`,
      call.control,
    )
  }

  const label = join(...Object.values(resolved).map((argument) => argument.label))
  const recipient = door.recipient(action.recipient)
  const unreadable = checkRecipient(door.rules, { name: action.recipient, principal: recipient }, label, now)
  if (unreadable !== null) return unreadable
  return { kind: 'checked', resolved, accepted, recipient, label }
}

/** Checks 8 to 10 for a call that passed the pure ones. */
async function act(
  tx: Transaction,
  append: Append,
  door: Door,
  call: Call,
  subject: Subject,
  checked: Checked,
): Promise<Verdict> {
  const { action } = call
  const { resolved, accepted } = checked
  const outside = await checkChoices(tx, call, subject, checked)
  if (outside !== null) return outside
  if (checked.recipient !== null) {
    const unreadable = await checkRecipientRows(tx, door.rules, checked.recipient, checked.label, door.now())
    if (unreadable !== null) return unreadable
  }

  const values = Object.fromEntries(Object.entries(resolved).map(([name, argument]) => [name, argument.value]))
  const labels = Object.fromEntries(Object.entries(resolved).map(([name, argument]) => [name, argument.label]))
  const hashes = approvalHashes(values, labels)
  const over = await budgetLock(tx, door.tenant, accepted.reservations)
  const questions: readonly Question[] = [...accepted.questions, ...over.map(({ argument, limit }) => ({ argument, limit }))]
  const strict = questions.find((question) => accepted.strict.has(question.argument))
  if (strict !== undefined)
    return refusal('BUDGET_EXCEEDED', `\`${strict.argument}\` would go over the limit \`${strict.limit}\``, {
      argument: strict.argument,
    })

  const isCovered = call.approval === null ? questions.length === 0 : await useApproval(tx, door, call, { hashes, questions })
  // A call that waits for a person holds nothing.
  if (!isCovered) return ask(tx, append, door, call, { resolved, hashes, questions })
  await budgetSpend(tx, door.tenant, accepted.reservations)

  const idempotencyKey = idempotencyKeyOf(door.runId, call.path)
  await append('action.intent', call.path, {
    action: action.name,
    version: action.version,
    recipient: action.recipient,
    idempotencyKey,
    approval: call.approval,
    valuesHash: hashes.values,
    values: Object.fromEntries(
      Object.entries(resolved).map(([name, argument]) => [name, new Labeled(argument.value, argument.label)]),
    ),
    control: call.control,
    reserved: accepted.reservations.map((each) => ({ key: each.key, amount: each.amount })),
  })
  return { kind: 'intent', values, idempotencyKey }
}

type Hashes = ReturnType<typeof approvalHashes>

/** Uses the approval. Answers false, and voids it, where the call goes over a limit by now that the person was not told of. */
async function useApproval(
  tx: Transaction,
  door: Door,
  call: Call,
  of: { readonly hashes: Hashes; readonly questions: readonly Question[] },
): Promise<boolean> {
  const id = call.approval ?? ''
  try {
    const told = await approvalUse(tx, {
      id,
      runId: door.runId,
      path: call.path,
      version: call.action.version,
      hashes: of.hashes,
    })
    const isTold = (question: Question): boolean =>
      told.some(({ argument, limit }) => argument === question.argument && limit === question.limit)
    if (of.questions.every(isTold)) return true
    await approvalVoid(tx, id)
    return false
  } catch (error) {
    // What was used up must not stay used where nothing will run: the whole transaction is given up.
    if (!(error instanceof PaybillError)) throw error
    throw new ApprovalVoid(error)
  }
}

async function ask(
  tx: Transaction,
  append: Append,
  door: Door,
  call: Call,
  of: { readonly resolved: ResolvedArguments; readonly hashes: Hashes; readonly questions: readonly Question[] },
): Promise<Verdict> {
  const { action, path } = call
  const { hashes, questions } = of
  const approval = await approvalAsk(tx, {
    tenant: door.tenant,
    runId: door.runId,
    path,
    right: `approve:${action.name}`,
    subject: action.name,
    version: action.version,
    hashes,
    shown: shownValues(of.resolved),
    reasons: questions,
    requestedBy: door.startedBy,
    expiresMs: action.limits.approvalMs,
  })
  await append('action.asked', path, { action: action.name, version: action.version, approval, questions })
  return { kind: 'asked', approval }
}

/** An approval that no longer fits: thrown to undo the transaction, never shown to a model. */
export class ApprovalVoid extends Error {
  readonly why: PaybillError
  constructor(why: PaybillError) {
    super(why.message)
    this.why = why
  }
}

// Membership is decided on the rows as they are now, read under the caller's own rights.
async function checkChoices(tx: Transaction, call: Call, subject: Subject, checked: Checked): Promise<Refusal | null> {
  for (const { argument, choice } of checked.accepted.choices) {
    const resolved = checked.resolved[argument]
    // As operands of `eq`, so that a value which is an object cannot pose as an operator.
    const where: Record<string, unknown> = { [choice.column]: { eq: resolved?.value } }
    for (const [column, other] of Object.entries(choice.where)) {
      const narrowing = checked.resolved[other]?.value
      // Two conditions on one column cannot both be written; they agree only if the values do.
      if (column === choice.column && narrowing !== resolved?.value) return notAChoice(argument, choice, resolved)
      where[column] = { eq: narrowing }
    }
    const session = tx.session({
      principal: subject.principal,
      ...(subject.agent === null ? {} : { agent: subject.agent }),
      purpose: call.path,
    })
    const rows = session[choice.table]
    const found = await rows?.findFirst({ where, select: [choice.column] })
    if (rows === undefined || found === null || found === undefined) return notAChoice(argument, choice, resolved)
    if (resolved !== undefined && !isCounted(resolved.label)) {
      // A stranger's own value: what he chose is one of the rows that the other arguments leave.
      const { [choice.column]: _chosen, ...narrowed } = where
      const most = await rows.count(Object.keys(narrowed).length === 0 ? {} : { where: narrowed })
      const refused = checkInfluence(argument, resolved, { bits: Math.log2(most), allowed: choice.influence })
      if (refused !== null) return refused
    }
  }
  return null
}

function notAChoice(
  argument: string,
  choice: { readonly table: string; readonly column: string },
  resolved: ResolvedArguments[string] | undefined,
): Refusal {
  return refusal(
    'ARGUMENT_NOT_ACCEPTED',
    `\`${argument}\` is not a \`${choice.table}.${choice.column}\` that this call may choose`,
    {
      argument,
      ...sourceOf(resolved),
    },
  )
}

/** Check 8, first part: refusals count too, so that trying again and again ends. */
async function countAttempt(tx: Transaction, door: Door, call: Call): Promise<Refusal | null> {
  const { rows } = await tx.query({
    name: 'paybill_attempt_count',
    text: `insert into paybill.attempt (run_id, path, calls) values ($1, $2, 1)
on conflict (run_id, path) do update set calls = paybill.attempt.calls + 1 returning calls, refusals`,
    values: [door.runId, call.path],
  })
  const [row] = rows
  if (Number(row?.['refusals']) >= call.allowed.refusals)
    return refusal('REFUSAL_LIMIT', `\`${call.path}\` was refused ${call.allowed.refusals} times`)
  if (Number(row?.['calls']) > call.allowed.calls)
    return refusal('STEP_NOT_ALLOWED', `\`${call.path}\` allows ${call.allowed.calls} calls`)
  return null
}

async function countRefusal(tx: Transaction, door: Door, call: Call): Promise<void> {
  await tx.query({
    name: 'paybill_refusal_count',
    text: 'update paybill.attempt set refusals = refusals + 1 where run_id = $1 and path = $2',
    values: [door.runId, call.path],
  })
}

/** The key under which the outside must carry out the effect at most once: the same for every attempt of this call. */
function idempotencyKeyOf(runId: string, path: string): string {
  return sha256Hex(`${runId}\n${path}`).slice(0, 40)
}

function shownValues(resolved: ResolvedArguments): readonly ShownValue[] {
  return Object.entries(resolved).map(([name, argument]) => ({
    name,
    value: typeof argument.value === 'string' ? argument.value : encodeCanonical(argument.value),
    origins: argument.label.origins,
    writers: argument.label.writers,
  }))
}

function isRefusal(value: object): value is Refusal {
  return 'kind' in value && value.kind === 'refusal'
}
