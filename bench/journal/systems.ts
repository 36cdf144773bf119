// Every system that is compared, with what it promises. A system is loaded only in the process that measures it.
//
// Absurd is missing: its npm package leaves out the SQL functions that do the work, which another package registry has.

import type { SystemEntry } from './system.ts'

export const systems = {
  paybill: {
    kind: 'ours',
    records: 'each step, before the next; with fence, rights, labels, hashes',
    recovers: 'any worker, when the lease has run out',
    open: async (place) => (await import('./paybill.ts')).openPaybill(place),
  },
  'DBOS 5': {
    kind: 'peer',
    records: 'each step, before the next; with owner check',
    recovers: 'the same executor, when it starts again',
    open: async (place) => (await import('./dbos.ts')).openDbos(place),
  },
  'OpenWorkflow 0.10': {
    kind: 'peer',
    records: 'each step, its begin and its end',
    recovers: 'any worker, when the lease has run out',
    open: async (place) => (await import('./openworkflow.ts')).openOpenWorkflow(place),
  },
  'Mastra 1': {
    kind: 'peer',
    records: 'after each step one snapshot of the run',
    recovers: 'who calls restart; no lease, no fence',
    open: async (place) => (await import('./mastra.ts')).openMastra(place),
  },
  'LangGraph 1 sync': {
    kind: 'peer',
    records: 'after each step one checkpoint of the state',
    recovers: 'who calls invoke again; no lease, no fence',
    open: async (place) => (await import('./langgraph.ts')).openLangGraph(place),
  },
  'insert per step': {
    kind: 'by hand',
    records: 'each step, before the next; no fence',
    recovers: 'nobody',
    open: async (place) => (await import('./by-hand.ts')).openInsertPerStep(place),
  },
  'group commit': {
    kind: 'by hand',
    records: 'each step, before the next; with fence',
    recovers: 'nobody',
    open: async (place) => (await import('./by-hand.ts')).openGroupCommit(place),
  },
} as const satisfies Readonly<Record<string, SystemEntry>>

export type SystemName = keyof typeof systems

export const systemNames = Object.keys(systems) as SystemName[] // keys of the value just above
