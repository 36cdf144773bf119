// A run as people and programs look at it: where it stands, what was refused and why, and its history in parts.

import type { Entry } from '../../journal/entry.ts'
import type { RunRow } from '../run-list.ts'
import { type EntryView, entryView } from './entry-view.ts'
import type { Viewer } from '../viewer.ts'

export type RunView = Omit<RunRow, 'createdAt' | 'endedAt'> & { readonly createdAt: string; readonly endedAt: string | null }

/** `refusals` are those of the whole run; `entries` is one page of its history, `next` the number that the following page begins after. */
export type HistoryView = {
  readonly run: RunView
  readonly entryCount: number
  readonly refusals: readonly EntryView[]
  readonly entries: readonly EntryView[]
  readonly next: number | null
}

const pageSize = 500

export function runView(row: RunRow): RunView {
  return { ...row, createdAt: row.createdAt.toISOString(), endedAt: row.endedAt?.toISOString() ?? null }
}

export function historyView(viewer: Viewer, row: RunRow, history: readonly Entry[], after: number): HistoryView {
  const page = history.slice(after, after + pageSize)
  return {
    run: runView(row),
    entryCount: history.length,
    refusals: history.filter((entry) => entry.kind === 'action.refused').map((entry) => entryView(viewer, entry)),
    entries: page.map((entry) => entryView(viewer, entry)),
    next: after + pageSize < history.length ? after + pageSize : null,
  }
}

/** How a run stands, in one word: a run that only a person can move on is `waiting`. */
export function runStateText(run: RunView): string {
  return run.state === 'alive' ? (run.waiting ? 'waiting' : 'running') : run.state
}
