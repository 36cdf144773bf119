// `paybill approvals`: looking at approvals and deciding on them, as the person whose token is given. A client of the
// handler's API; it can do nothing that the page could not.

import { parseArgs } from 'node:util'
import { z } from 'zod'
import { isId } from '../run/handler/routes.ts'
import { visible } from '../lib/visible.ts'
import type { CliIo } from './io.ts'
import { ask, findServer, type Server } from './server.ts'
import { type Cell, paint, printTable, type Style } from './table.ts'
import { UsageError } from './usage.ts'

type Parsed = {
  readonly verb: Verb
  readonly id: string
  readonly state: string
  readonly after: string | null
  readonly isJson: boolean
  readonly server: Server
}
type Verb = 'list' | 'show' | 'approve' | 'refuse'

const valueForm = z.object({
  name: z.string(),
  value: z.string().nullable(),
  hidden: z.string().nullable(),
  origins: z.array(z.string()),
  writers: z.array(z.string()),
})
const approvalForm = z.object({
  id: z.string(),
  state: z.string(),
  subject: z.string(),
  amount: z.string().nullable(),
  reasons: z.array(z.string()),
  checked: z.array(valueForm.extend({ check: z.string(), asked: z.boolean() })),
  unchecked: z.array(valueForm),
  requestedBy: z.string(),
  decidedBy: z.string().nullable(),
  expiresAt: z.string(),
  runId: z.string(),
  path: z.string(),
})
const registerForm = z.object({
  table: z.string(),
  cells: z.array(z.object({ name: z.string(), value: z.string() })).nullable(),
})
type ApprovalAnswer = z.infer<typeof approvalForm>
type ValueAnswer = z.infer<typeof valueForm> & { readonly check?: string; readonly asked?: boolean }

/** Runs `paybill approvals …`. Answers the exit code. */
export async function approvalsCommand(words: readonly string[], io: CliIo): Promise<number> {
  const parsed = parse(words, io)
  switch (parsed.verb) {
    case 'list':
      await list(parsed, io)
      return 0
    case 'show':
      await show(parsed, io)
      return 0
    case 'approve':
    case 'refuse':
      await decide(parsed, io)
      return 0
    default:
      return parsed.verb satisfies never
  }
}

function parse(words: readonly string[], io: CliIo): Parsed {
  const { values, positionals } = parseWords(words)
  const [verb, id, ...more] = positionals
  if (verb !== 'list' && verb !== 'show' && verb !== 'approve' && verb !== 'refuse')
    throw new UsageError('`paybill approvals` needs one of list, show, approve and refuse')
  if (more.length > 0 || (verb === 'list' && id !== undefined)) throw new UsageError(`\`${verb}\` was given too many words`)
  for (const option of ['state', 'after'] as const)
    if (verb !== 'list' && values[option] !== undefined) throw new UsageError(`\`--${option}\` is for \`list\` only`)
  if (values.after !== undefined && !isId(values.after)) throw new UsageError('`--after` needs the id of an approval')
  if (verb !== 'list' && !isId(id ?? ''))
    throw new UsageError(`\`${verb}\` needs the id of an approval, as \`paybill approvals list\` shows it`)
  const server = findServer({ url: values.url, tokenFile: values['token-file'] }, io)
  return {
    verb,
    id: id ?? '',
    state: values.state ?? 'waiting',
    after: values.after ?? null,
    isJson: values.json === true,
    server,
  }
}

function parseWords(words: readonly string[]) {
  const options = {
    url: { type: 'string' },
    'token-file': { type: 'string' },
    json: { type: 'boolean' },
    state: { type: 'string' },
    after: { type: 'string' },
  } as const
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true })
  } catch (cause) {
    // Node's own text goes on with advice on several lines' worth of quoting; its first sentence names the mistake.
    const [first = ''] = (cause instanceof Error ? cause.message : String(cause)).split('. ')
    throw new UsageError(visible(first), { cause })
  }
}

async function list(parsed: Parsed, io: CliIo): Promise<void> {
  const path = `approvals?state=${encodeURIComponent(parsed.state)}${parsed.after === null ? '' : `&after=${parsed.after}`}`
  const form = z.object({ approvals: z.array(approvalForm), next: z.string().nullable() })
  const { body, text } = await ask(parsed.server, { method: 'GET', path }, form)
  if (parsed.isJson) return io.out(text)
  if (body.approvals.length === 0) return io.out(parsed.state === 'waiting' ? 'nothing waits for a decision' : 'there are none')
  printTable(
    io,
    ['id', 'state', 'what', 'amount', 'values', 'asked by', 'expires'],
    body.approvals.map((approval): readonly Cell[] => [
      { text: approval.id },
      { text: approval.state, ...styled(approval.state) },
      { text: approval.subject },
      { text: approval.amount ?? '–', isNumber: true },
      { text: checkedText(approval) },
      { text: approval.requestedBy },
      { text: minutes(approval.expiresAt) },
    ]),
  )
  if (body.next !== null) io.out(`there are more: add --after ${visible(body.next)}`)
}

const stateStyles: Readonly<Record<string, Style>> = { waiting: 'yellow', approved: 'green', used: 'green', refused: 'red' }

function styled(state: string): { readonly style?: Style } {
  const style = Object.hasOwn(stateStyles, state) ? stateStyles[state] : undefined
  return style === undefined ? {} : { style }
}

// What was checked, the amount apart, which has a column of its own.
function checkedText(approval: ApprovalAnswer): string {
  const values = approval.checked.filter((each) => each.value !== null && each.value !== approval.amount)
  return values.map((each) => `${each.name} ${each.value ?? ''}`).join(', ') || '–'
}

async function show(parsed: Parsed, io: CliIo): Promise<void> {
  const form = z.object({ approval: approvalForm, registers: z.array(registerForm) })
  const { body, text } = await ask(parsed.server, { method: 'GET', path: `approvals/${parsed.id}` }, form)
  if (parsed.isJson) return io.out(text)
  const { approval, registers } = body
  printHead(io, approval)
  for (const reason of approval.reasons) io.out(`  why      ${paint(io, 'yellow', plain(reason))}`)
  for (const { table, cells } of registers)
    io.out(
      cells === null
        ? `  ${paint(io, 'red', `no row of ${visible(table)} has these values any more`)}`
        : `  ${visible(table).padEnd(8)} ${visible(cells.map((cell) => `${cell.name} ${cell.value}`).join(', '))}`,
    )
  for (const value of approval.checked) printValue(io, value)
  if (approval.unchecked.length === 0) return
  io.out('')
  io.out(
    paint(io, 'magenta', 'foreign text, written by strangers or a model and not checked; nothing in it is a reason to approve'),
  )
  for (const value of approval.unchecked) printValue(io, value)
}

async function decide(parsed: Parsed, io: CliIo): Promise<void> {
  const path = `approvals/${parsed.id}/${parsed.verb}`
  const { body, text } = await ask(parsed.server, { method: 'POST', path }, z.object({ approval: approvalForm }))
  if (parsed.isJson) return io.out(text)
  printHead(io, body.approval)
  for (const value of body.approval.checked) printValue(io, value)
}

function printHead(io: CliIo, approval: ApprovalAnswer): void {
  const what = visible([approval.subject, approval.amount].filter((part) => part !== null).join('  '))
  const style = styled(approval.state).style ?? 'dim'
  io.out(`${paint(io, 'bold', what)}  ${paint(io, style, visible(approval.state))}`)
  const decided = approval.decidedBy === null ? '' : `, decided by ${approval.decidedBy}`
  io.out(visible(`  asked by ${approval.requestedBy}${decided}, expires ${minutes(approval.expiresAt)}`))
  io.out(visible(`  run      ${approval.runId} at ${approval.path}`))
}

function printValue(io: CliIo, value: ValueAnswer): void {
  const hidden = value.hidden === 'sensitive' ? '(not shown: sensitive)' : '(not shown: you may not read where it came from)'
  io.out('')
  io.out(`  ${paint(io, 'dim', visible(value.name).padEnd(14))} ${paint(io, 'bold', visible(value.value ?? hidden))}`)
  const indent = ' '.repeat(17)
  if (value.check !== undefined) io.out(`${indent}${paint(io, value.asked === true ? 'yellow' : 'green', plain(value.check))}`)
  if (value.origins.length > 0) io.out(`${indent}${paint(io, 'dim', visible(`from ${value.origins.join(', ')}`))}`)
  if (value.writers.length > 0) io.out(`${indent}${paint(io, 'dim', visible(`could be written by ${value.writers.join(', ')}`))}`)
}

/** A sentence whose names stand in backticks, which a terminal does not need. */
function plain(text: string): string {
  return visible(text.replaceAll('`', ''))
}

function minutes(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
}
