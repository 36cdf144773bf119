// An approval as an approver needs it: what would be done, which limit asks for him, what was checked about each value
// and where it came from; text that nobody checked stands apart.

import type { Accepts, Bounded } from '../../action/accepts.ts'
import type { Action } from '../../action/action.ts'
import type { Approval, ApprovalState } from '../../invoke/approval-store.ts'
import { formatMoney, type Money } from '../../lib/money.ts'
import { compensationName } from '../../workflow/compensation.ts'
import type { Node } from '../../workflow/node.ts'
import type { Runtime } from '../runtime.ts'
import { moneyOf, shownText, type ValueView, valueView } from './value.ts'
import type { Viewer } from '../viewer.ts'

export type ApprovalView = {
  readonly id: string
  readonly state: ApprovalState
  /** What is asked for: the name of an action, or of an approval step. */
  readonly subject: string
  readonly version: number
  readonly right: string
  /** The amount over whose limit a person is asked; null where it is not about one. */
  readonly amount: string | null
  readonly reasons: readonly string[]
  /** What was checked about each value stands beside it. */
  readonly checked: readonly CheckedView[]
  /** What strangers or a model wrote and nothing checked. */
  readonly unchecked: readonly ValueView[]
  readonly requestedBy: string
  readonly decidedBy: string | null
  readonly createdAt: string
  readonly expiresAt: string
  readonly runId: string
  readonly path: string
  /** Whether the viewer may decide, and why not. */
  readonly decision: 'open' | 'own' | 'no-right' | 'closed'
}

/** `asked` is a value over a limit: it is what the person is asked about. */
export type CheckedView = ValueView & { readonly check: string; readonly asked: boolean }

export function approvalView(workflows: Runtime['workflows'], viewer: Viewer, approval: Approval): ApprovalView {
  const action = actionOf(workflows, approval)
  const may = viewer.may(approval.right)
  const [first] = approval.reasons
  const amount = first === undefined ? null : amountOf(approval, first.argument)
  // Whoever has the right to decide sees everything that he decides on; others see what they may read.
  const values = approval.shown.map((given) => {
    const view = valueView(viewer, { ...given, value: shownText(given.value) })
    const shown = may ? { ...view, value: shownText(given.value), hidden: null } : view
    const asked = approval.reasons.some((reason) => reason.argument === given.name)
    return {
      shown,
      asked,
      check: asked ? 'over a limit: this is what a person is asked about' : checkText(action?.accepts[given.name], view),
    }
  })
  return {
    ...facts(approval),
    amount: amount === null || !isShown(values, first?.argument) ? null : formatMoney(amount),
    reasons: approval.reasons.map((reason) => reasonText(action, approval, reason, isShown(values, reason.argument))),
    checked: values.flatMap(({ shown, check, asked }) => (check === null ? [] : [{ ...shown, check, asked }])),
    unchecked: values.flatMap(({ shown, check }) => (check === null ? [shown] : [])),
    decision: decisionOf(approval, viewer, may),
  }
}

function facts(approval: Approval) {
  const { id, state, subject, version, right, requestedBy, decidedBy, createdAt, expiresAt, runId, path } = approval
  const times = { createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() }
  return { id, state, subject, version, right, requestedBy, decidedBy, ...times, runId, path }
}

function decisionOf(approval: Approval, viewer: Viewer, may: boolean): ApprovalView['decision'] {
  if (approval.state !== 'waiting') return 'closed'
  if (approval.requestedBy === viewer.as.id) return 'own'
  return may ? 'open' : 'no-right'
}

/**
 * The action that an approval is for, found by its place in the graph: a step that only bears the name of an action has
 * none of its checks. Null where the workflow is not registered (any more).
 */
export function actionOf(
  workflows: Runtime['workflows'],
  approval: Pick<Approval, 'path' | 'subject' | 'version'>,
): Action | null {
  const [name, version, ...place] = approval.path.split('/')
  const workflow = workflows.get(`${name}/${version}`)
  const action = actionAt(workflow?.nodes ?? [], place)
  return action?.name === approval.subject && action.version === approval.version ? action : null
}

function actionAt(nodes: readonly Node[], place: readonly string[]): Action | null {
  const [first = '', second = '', ...rest] = place
  const node = nodes.find((each) => each.name === first.replace(/\[\d+\]$/, ''))
  if (node?.kind === 'action') {
    if (place.length === 2 && second === compensationName) return node.compensate?.action ?? null
    return place.length === 1 ? node.action : null
  }
  if (node?.kind === 'forEach') return actionAt(node.body, place.slice(1))
  if (node?.kind === 'branch') return actionAt(Object.hasOwn(node.cases, second) ? (node.cases[second] ?? []) : [], rest)
  return null
}

// INVARIANT: only the argument that the guards named as over its limit is read as the amount. It was checked to be money;
// a text of a stranger that looks like stored money never becomes the headline.
function amountOf(approval: Approval, argument: string): Money | null {
  const found = approval.shown.find((value) => value.name === argument)
  return found === undefined ? null : moneyOf(found.value)
}

function isShown(values: readonly { readonly shown: ValueView }[], argument: string | undefined): boolean {
  return values.some(({ shown }) => shown.name === argument && shown.hidden === null)
}

function checkText(accepts: Accepts | undefined, value: ValueView): string | null {
  switch (accepts?.kind) {
    case undefined:
    case 'any':
      return value.foreign ? null : 'written by the system or a signed-in person'
    case 'trusted':
      return 'written by the system or a signed-in person'
    case 'choice': {
      const narrowed = Object.entries(accepts.where).map(([column, argument]) => `the \`${column}\` is this \`${argument}\``)
      const where = narrowed.length === 0 ? '' : ` where ${narrowed.join(' and ')}`
      return `found in the trusted column \`${accepts.table}.${accepts.column}\`${where}`
    }
    case 'bounded':
      return 'an amount inside its limits'
    default:
      return accepts satisfies never
  }
}

function reasonText(
  action: Action | null,
  approval: Approval,
  reason: Approval['reasons'][number],
  maySeeAmount: boolean,
): string {
  const amount = maySeeAmount ? amountOf(approval, reason.argument) : null
  const accepts = action?.accepts[reason.argument]
  const bounds = accepts?.kind === 'bounded' ? accepts : null
  const what = `the \`${reason.argument}\`${amount === null ? '' : ` ${formatMoney(amount)}`}`
  if (reason.limit === 'call') {
    const most = limitText(bounds?.max, amount)
    return most === null ? `${what} is in a currency that has no limit` : `${what} is above the limit for one call${most}`
  }
  const window = bounds?.per.find((each) => each.name === reason.limit)
  const most = window === undefined ? '' : (limitText(window.max, amount) ?? '')
  return `with ${what} the total per ${reason.limit} goes above its limit${most}`
}

/** `, 50000.00 NOK`; nothing where the limits are not known; null where they have no such currency. */
function limitText(limits: Bounded['max'] | undefined, amount: Money | null): string | null {
  if (limits === undefined || amount === null) return ''
  const limit = limits.find((each) => each.currency === amount.currency)
  return limit === undefined ? null : `, ${formatMoney(limit)}`
}
