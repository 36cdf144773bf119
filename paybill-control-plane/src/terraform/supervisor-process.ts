// The program that Terraform runs under: a process of its own, so that Terraform ends whatever happens to the one that
// wanted it. It renews the lease of the claim, and ends Terraform's process group when the claim may soon be another's,
// when it is told to, and when the process that started it is gone, which it knows from the closing of its input.
//
// It is told what to do by lines of JSON on its input, and writes one for each line of a command's output and one at its
// end. It reads no database and holds no key: all it has is the token of this run and phase.
//
// Not promised: where this process and the one that started it are killed at the same moment, Terraform goes on until it
// finds its output closed, or until the next run on this machine ends it. Its writes are fenced off; its effects are not.

import { spawn, type ChildProcess } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { type EndingTerms, endGroup } from './process-group.ts'
import type { SupervisedCommand, SupervisorMessage, SupervisorOrder, SupervisorReport } from './supervise.ts'

type Reason = Extract<SupervisorReport, { kind: 'ended' }>['because']

const renewalsPerTerm = 6
const drainMs = 1_000

function report(line: SupervisorReport): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

type Running = { readonly over: Promise<void>; end(because: Reason): void }

/** Runs one command and reports its end; `end` ends it early. */
function supervise(order: SupervisorOrder, command: SupervisedCommand): Running {
  let reason: Reason | null = null
  let group: number | null = null
  let ending: Promise<boolean> | null = null

  const end = (because: Reason, terms: EndingTerms = order.ending): void => {
    reason ??= because
    if (group !== null) ending ??= endGroup(group, terms)
  }

  const run = async (): Promise<void> => {
    const lease = keepLease(order.lease, command.token, () => end('lease-lost'))
    await lease.settled
    let outcome: { code: number | null; signal: string | null } = { code: null, signal: null }
    if (reason === null) {
      const child = start(order, command)
      group = child.pid ?? null
      const closed = closeOf(child) // asked for first: it may come in the same moment as the exit
      outcome = await exitOf(child)
      // Killed by somebody else, it could not end what it had started.
      if (outcome.signal !== null && reason === null) end('itself', { interruptMs: 0, terminateMs: 0 })
      await Promise.race([closed, wait(drainMs)])
    }
    const isGone = ending === null ? true : await ending
    lease.stop()
    if (isGone) rmSync(order.groupFile, { force: true })
    report({ kind: 'ended', because: reason ?? 'itself', isGone, ...outcome })
  }
  return { over: run(), end }
}

/** Starts Terraform as the leader of a new group, which is on record before it does anything. */
function start(order: SupervisorOrder, command: SupervisedCommand): ChildProcess {
  // The shell waits for a word that comes only once the group is on record, and ends where this process dies before.
  const child = spawn('/bin/sh', ['-c', 'read -r go && exec "$0" "$@" </dev/null', command.binary, ...command.arguments], {
    cwd: order.folder,
    env: command.environment,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  if (child.pid !== undefined) writeFileSync(order.groupFile, String(child.pid))
  child.stdin?.on('error', ignore)
  child.stdin?.end('go\n')
  forward(child.stdout, 'out')
  forward(child.stderr, 'error')
  return child
}

function forward(stream: Readable | null, from: 'out' | 'error'): void {
  if (stream !== null) createInterface({ input: stream }).on('line', (line) => report({ kind: 'line', from, line }))
}

function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', () => resolve({ code: 127, signal: null }))
  })
}

function closeOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('close', () => resolve())
  })
}

/** Renews until stopped; `settled` once it is known whether there is a lease at all; `onLost` where the claim is another's, or was not renewed for two thirds of its term. */
function keepLease(
  lease: SupervisorOrder['lease'],
  token: string,
  onLost: () => void,
): { readonly settled: Promise<void>; stop(): void } {
  const everyMs = Math.max(20, Math.floor(lease.termMs / renewalsPerTerm))
  const lostAfterMs = (lease.termMs * 2) / 3
  const stopped = new AbortController()
  // The lease runs from when the database was asked at the earliest, so the asking is what counts.
  let renewedAt = performance.now()
  const settled = Promise.withResolvers<void>()

  const renewing = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const askedAt = performance.now()
      const answer = await renew(lease, token, everyMs)
      if (answer === 'renewed') {
        renewedAt = askedAt
        settled.resolve()
      }
      if (answer === 'refused') break
      await wait(everyMs, undefined, { signal: stopped.signal }).catch(ignore)
    }
    if (!stopped.signal.aborted) lost()
  }
  const lost = (): void => {
    clearInterval(watch)
    onLost()
    settled.resolve()
  }
  // Apart from the asking, which may hang.
  const watch = setInterval(
    () => {
      if (performance.now() - renewedAt >= lostAfterMs) lost()
    },
    Math.max(10, everyMs / 4),
  )
  void renewing()
  return {
    settled: settled.promise,
    stop: () => {
      clearInterval(watch)
      stopped.abort()
    },
  }
}

async function renew(
  lease: SupervisorOrder['lease'],
  token: string,
  timeoutMs: number,
): Promise<'renewed' | 'refused' | 'no-answer'> {
  try {
    const authorization = `Basic ${Buffer.from(`${lease.user}:${token}`).toString('base64')}`
    const signal = AbortSignal.timeout(timeoutMs)
    const answer = await fetch(lease.url, { method: 'POST', headers: { authorization }, signal })
    await answer.arrayBuffer()
    if (answer.ok) return 'renewed'
    return answer.status >= 500 ? 'no-answer' : 'refused'
  } catch {
    return 'no-answer'
  }
}

function ignore(): void {}

let order: SupervisorOrder | null = null
let running: Running | null = null
let isClosing = false

function obey(message: SupervisorMessage): void {
  switch (message.kind) {
    case 'open':
      order = message.order
      return
    case 'run':
      if (order !== null) running = supervise(order, message.command)
      return
    case 'stop':
      running?.end('stopped')
      return
    case 'close':
      isClosing = true
      return
    default:
      message satisfies never
  }
}

async function leave(): Promise<void> {
  running?.end('parent-gone')
  await running?.over
  // Nobody is left who would remove them.
  if (!isClosing) for (const file of order?.secretFiles ?? []) rmSync(file, { force: true })
  process.exit(0)
}

process.stdout.on('error', ignore) // nobody reads any more
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => running?.end('stopped'))
createInterface({ input: process.stdin })
  // What comes through this pipe was written by the process that started this one.
  .on('line', (line) => obey(JSON.parse(line) as SupervisorMessage))
  .on('close', () => void leave())
