// The pages of runs: all of them, and the history of one with what was refused and why before everything else.

import type { ApprovalView } from './approval-view.ts'
import type { EntryView } from './entry-view.ts'
import { html, type Html } from './html.ts'
import { distance, type Frame, grouped, layout, moment, sentence } from './layout.ts'
import { type HistoryView, runStateText, type RunView } from './run-view.ts'
import { refusalText, timeline } from './timeline.ts'

const stateTones: Readonly<Record<string, string>> = {
  running: 'good',
  waiting: 'warn',
  finished: '',
  failed: 'bad',
  parked: 'bad',
}

export function overviewPage(
  frame: Frame,
  of: { readonly runs: readonly RunView[]; readonly waiting: number; readonly next: string | null },
): Html {
  const { runs, waiting, next } = of
  const count = waiting === 1 ? '1 approval waits' : `${waiting} approvals wait`
  const banner =
    waiting === 0
      ? html`<p class="quiet">Nothing waits for a decision.</p>`
      : html`<div class="why">
          <p><a href="${frame.base}/approvals">${count} for a decision →</a></p>
        </div>`
  const rows = runs.map(
    (run) =>
      html`<tr>
        <td>
          <a href="${frame.base}/runs/${run.id}"><strong>${run.workflow}</strong></a> <small>version ${run.version}</small>${
            run.reason === null ? null : html`<br /><small>${run.reason}</small>`
          }
        </td>
        <td>${statePill(run)}</td>
        <td data-label="by">${run.startedBy}</td>
        <td class="nowrap" data-label="started">${distance(frame.now, run.createdAt)}</td>
        <td class="nowrap" data-label="took">${run.endedAt === null ? '–' : duration(run.createdAt, run.endedAt)}</td>
      </tr>`,
  )
  const table =
    runs.length === 0
      ? html`<p>No run was started yet.</p>`
      : html`<table class="stack">
          <thead>
            <tr>
              <th>workflow</th>
              <th>state</th>
              <th>started by</th>
              <th>started</th>
              <th>took</th>
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>`
  return layout(
    frame,
    'Runs',
    html`<h1>Runs</h1>
      ${banner}
      <div class="card">${table}</div>
      ${next === null ? null : html`<p><a href="${frame.base}/runs?after=${next}">Older runs →</a></p>`}`,
  )
}

/** What a run waits for: its oldest open approvals, and whether it has more of them. */
type WaitingView = { readonly approvals: readonly ApprovalView[]; readonly areMore: boolean }

export function runPage(
  frame: Frame,
  of: { readonly history: HistoryView; readonly after: number; readonly waiting: WaitingView },
): Html {
  const { history, after, waiting } = of
  const { run, entries, refusals } = history
  const ended = run.endedAt === null ? null : html`, ended ${moment(run.endedAt)}`
  return layout(
    frame,
    `${run.workflow} ${runStateText(run)}`,
    html`<p><a href="${frame.base}/">← Runs</a></p>
      <p>${statePill(run)}</p>
      <h1>${run.workflow} <small>version ${run.version}</small></h1>
      <p class="quiet">
        Started by <b>${run.startedBy}</b> ${moment(run.createdAt)}${ended}. Run <code>${run.id}</code>, ${history.entryCount}
        entries.
      </p>
      ${
        run.reason === null
          ? null
          : html`<div class="stop">
              <p>Why it stopped</p>
              <p>${sentence(run.reason)}</p>
            </div>`
      }
      ${waitingText(frame, waiting)} ${after === 0 ? refusalsText(refusals) : null}
      <h2>What happened</h2>
      ${timeline(frame, entries)}
      ${
        history.next === null
          ? null
          : html`<p><a href="${frame.base}/runs/${run.id}?after=${history.next}">Entries after ${history.next} →</a></p>`
      }`,
  )
}

function waitingText(frame: Frame, { approvals, areMore }: WaitingView): Html | null {
  const count = approvals.length
  if (count === 0) return null
  const title = count === 1 ? 'A person must decide' : `${areMore ? 'More than ' : ''}${count} decisions of people are open`
  return html`<div class="why">
    <p>${title}</p>
    ${approvals.map(
      (approval) =>
        html`<p>
          <a href="${frame.base}/approvals/${approval.id}"
            >${approval.amount === null ? approval.subject : `${grouped(approval.amount)}, ${approval.subject}`}</a
          >
          <span class="quiet">expires ${distance(frame.now, approval.expiresAt)}</span>
        </p>`,
    )}
    ${areMore ? html`<p><a href="${frame.base}/approvals">All approvals that wait →</a></p>` : null}
  </div>`
}

function refusalsText(refusals: readonly EntryView[]): Html | null {
  if (refusals.length === 0) return null
  return html`<h2>What was refused, and why (${refusals.length})</h2>
    ${refusals.map(
      (entry) =>
        html`<div class="stop">
          <p>${sentence(entry.refusal?.reason ?? '')}</p>
          ${refusalText(entry)}
          <p><code class="quiet">${entry.path}</code></p>
        </div>`,
    )}`
}

function statePill(run: RunView): Html {
  const text = runStateText(run)
  return html`<span class="pill ${stateTones[text] ?? ''}">${text}</span>`
}

function duration(from: string, to: string): string {
  const seconds = (new Date(to).getTime() - new Date(from).getTime()) / 1000
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`
}
