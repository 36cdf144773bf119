// The pages of approvals. An approver must see at once what would be done, to whom, and why he is asked; what a stranger
// or a model wrote comes last and is marked. Nothing on these pages decides but the two buttons of a signed-in person.

import type { ApprovalState } from '../../invoke/approval-store.ts'
import type { ApprovalView } from './approval-view.ts'
import { html, type Html, type HtmlPart } from './html.ts'
import { distance, type Frame, grouped, layout, moment, sentence } from './layout.ts'
import type { RegisterView } from './register.ts'
import { valueList } from './value-list.ts'
import { shorten } from '../../lib/visible.ts'

const stateWords: Readonly<Record<ApprovalState, { readonly text: string; readonly tone: string }>> = {
  waiting: { text: 'waiting', tone: 'warn' },
  approved: { text: 'approved', tone: 'good' },
  used: { text: 'approved and used', tone: 'good' },
  refused: { text: 'refused', tone: 'bad' },
  expired: { text: 'expired', tone: '' },
  void: { text: 'void, asked anew', tone: '' },
}

export const approvalStates = Object.keys(stateWords) as readonly ApprovalState[] // the record has exactly these keys

export function approvalListPage(
  frame: Frame,
  of: { readonly states: readonly ApprovalState[]; readonly approvals: readonly ApprovalView[]; readonly next: string | null },
): Html {
  const { approvals, states, next } = of
  const [only] = states
  const current = states.length === 1 && only !== undefined ? only : 'all'
  const tabs = [...approvalStates, 'all' as const].map(
    (state) =>
      html`<li>
        <a href="${frame.base}/approvals?state=${state}" ${state === current ? html` aria-current="page"` : null}
          >${state === 'all' ? 'all' : stateWords[state].text}</a
        >
      </li>`,
  )
  const list =
    approvals.length === 0
      ? html`<p>${current === 'waiting' ? 'Nothing waits for a decision.' : 'There are none.'}</p>`
      : html`<table class="stack">
          <thead>
            <tr>
              <th>what</th>
              <th>values</th>
              <th>why</th>
              <th>asked by</th>
              <th>${current === 'waiting' ? 'expires' : 'state'}</th>
            </tr>
          </thead>
          <tbody>
            ${approvals.map((approval) => listRow(frame, current, approval))}
          </tbody>
        </table>`
  return layout(
    frame,
    'Approvals',
    html`<h1>Approvals</h1>
      <ul class="tabs">
        ${tabs}
      </ul>
      <div class="card">${list}</div>
      ${
        next === null
          ? null
          : html`<p><a href="${frame.base}/approvals?state=${states.join(',')}&amp;after=${next}">More approvals →</a></p>`
      }`,
  )
}

function listRow(frame: Frame, current: ApprovalState | 'all', approval: ApprovalView): Html {
  const values = approval.checked.flatMap(({ name, value }) =>
    value === null || value === approval.amount
      ? []
      : [
          html`<div>
            <dt>${name}</dt>
            <dd><bdi class="value">${shorten(value, 60)}</bdi></dd>
          </div>`,
        ],
  )
  return html`<tr>
    <td>
      <a href="${frame.base}/approvals/${approval.id}"
        ><strong>${approval.amount === null ? approval.subject : grouped(approval.amount)}</strong></a
      >${approval.amount === null ? null : html`<br /><small>${approval.subject}</small>`}
    </td>
    <td class="values"><dl class="facts">${values}</dl></td>
    <td>${approval.reasons.map((reason) => html`<p>${sentence(reason)}</p>`)}</td>
    <td data-label="asked by">${approval.requestedBy}${approval.decision === 'own' ? html` <small>(you)</small>` : null}</td>
    <td class="nowrap" data-label="${current === 'waiting' ? 'expires' : 'state'}">
      ${current === 'waiting' ? distance(frame.now, approval.expiresAt) : pill(approval.state)}
    </td>
  </tr>`
}

function pill(state: ApprovalState): Html {
  const { text, tone } = stateWords[state]
  return html`<span class="pill ${tone}">${text}</span>`
}

export function approvalPage(
  frame: Frame,
  of: { readonly approval: ApprovalView; readonly registers: readonly RegisterView[]; readonly token: string },
): Html {
  const { approval, registers, token } = of
  const { amount, subject } = approval
  return layout(
    frame,
    amount ?? subject,
    html`<p><a href="${frame.base}/approvals">← Approvals</a></p>
      <p>${pill(approval.state)} <span class="quiet">${whenText(frame, approval)}</span></p>
      <h1>${subject}</h1>
      ${amount === null ? null : html`<p class="headline">${grouped(amount)}</p>`} ${whyText(approval)}
      <div class="card">
        ${registers.map(registerText)}
        ${approval.checked.length === 0 ? html`<p>No value here was checked by a declaration of the action.</p>` : valueList(approval.checked)}
      </div>
      ${decisionText(frame, approval, token)} ${foreignText(approval)}
      <p class="quiet">
        Asked by <b>${approval.requestedBy}</b> on ${moment(approval.createdAt)} at
        <a href="${frame.base}/runs/${approval.runId}"><code>${approval.path}</code></a
        >. The approval is for exactly these values of <code>${subject}</code> version ${approval.version}, and is used once. It
        needs the right <code>${approval.right}</code>.
      </p>`,
  )
}

function whenText(frame: Frame, approval: ApprovalView): HtmlPart {
  if (approval.state === 'waiting')
    return html`asked by <b>${approval.requestedBy}</b> ${distance(frame.now, approval.createdAt)}, expires
      ${distance(frame.now, approval.expiresAt)}`
  return approval.decidedBy === null
    ? html`asked by <b>${approval.requestedBy}</b>`
    : html`decided by <b>${approval.decidedBy}</b>`
}

function whyText(approval: ApprovalView): Html {
  const reasons = approval.reasons.length === 0 ? ['the workflow asks a person at this step'] : approval.reasons
  return html`<div class="why">
    <p>Why a person is asked</p>
    ${reasons.map((reason) => html`<p>${sentence(reason)}</p>`)}
  </div>`
}

function registerText(register: RegisterView): Html {
  if (register.cells === null)
    return html`<div class="stop">
      <p>No row of ${register.table} has these values any more.</p>
      <p>Approving will not help: the call is checked again before it runs.</p>
    </div>`
  const named = register.cells.find((cell) => cell.name === 'name')
  const others = register.cells.filter((cell) => cell !== named)
  return html`<div class="register">
    <small>${register.table}, as it is now in your own records</small>
    ${named === undefined ? null : html`<div class="name"><bdi>${named.value}</bdi></div>`}
    <dl class="facts">
      ${others.map(
        (cell) =>
          html`<div>
            <dt>${cell.name}</dt>
            <dd><bdi>${cell.value}</bdi></dd>
          </div>`,
      )}
    </dl>
  </div>`
}

function decisionText(frame: Frame, approval: ApprovalView, token: string): Html | null {
  switch (approval.decision) {
    case 'open': {
      const address = `${frame.base}/approvals/${approval.id}`
      const form = (verb: 'approve' | 'refuse', text: string) =>
        html`<form method="post" action="${address}/${verb}">
          <input type="hidden" name="token" value="${token}" /><button class="${verb}">${text}</button>
        </form>`
      const what = approval.amount === null ? 'Approve' : `Approve ${grouped(approval.amount)}`
      return html`<div class="decide">${form('approve', what)}${form('refuse', 'Refuse')}</div>`
    }
    case 'own':
      return html`<div class="stop"><p>You asked for this, so another person must decide.</p></div>`
    case 'no-right':
      return html`<div class="stop">
        <p>You may not decide this: it needs the right <code>${approval.right}</code>.</p>
      </div>`
    case 'closed':
      return null
    default:
      return approval.decision satisfies never
  }
}

function foreignText(approval: ApprovalView): Html | null {
  if (approval.unchecked.length === 0) return null
  return html`<section class="foreign">
    <h2>Foreign text: written by strangers or a model, and not checked</h2>
    <p>It is passed on as it is. Nothing in it is a reason to approve.</p>
    ${valueList(approval.unchecked)}
  </section>`
}
