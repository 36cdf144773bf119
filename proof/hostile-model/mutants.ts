// The guards, each taken out in turn, with the attack that must then succeed. A long table of data: the text that stands in
// the product, what stands there without the guard, and who notices.

import type { Edit } from './copy.ts'
import type { Part } from './part.ts'

export type Mutant = {
  /** The guard that is missing. */
  readonly name: string
  readonly edits: readonly Edit[]
  readonly attack: Part
}

const argumentChecks = 'paybill/src/invoke/arguments.ts'
const invoke = 'paybill/src/invoke/invoke.ts'
const budget = 'paybill/src/invoke/budget.ts'
const approvalStore = 'paybill/src/invoke/approval-store.ts'
const approvals = 'paybill/src/run/approvals.ts'
const performAction = 'paybill/src/run/perform-action.ts'
const recipients = 'paybill/src/invoke/recipients.ts'
const decide = 'paybill/src/agent/decide.ts'
const transfer = 'examples/bill-pay/src/app/transfer.ts'

/** A small inbox that holds every kind of invoice at least once. */
const inbox: Part = { part: 'inbox', seed: 21, batches: 1, size: 60 }

function desk(...names: readonly string[]): Part {
  return { part: 'desk', names }
}

export const mutants: readonly Mutant[] = [
  // Arguments: who may have chosen them.
  {
    name: 'a choice must be in its set',
    edits: [
      {
        file: invoke,
        from: 'if (rows === undefined || found === null || found === undefined) return notAChoice(argument, choice, resolved)',
        to: 'if (rows === undefined || found === null) continue',
      },
    ],
    attack: inbox,
  },
  {
    name: 'a choice is narrowed by other arguments',
    edits: [{ file: invoke, from: 'where[column] = { eq: narrowing }', to: '' }],
    attack: inbox,
  },
  {
    name: 'an account is chosen among those of its vendor',
    edits: [{ file: transfer, from: ", where: { number: 'vendor' }", to: '' }],
    attack: inbox,
  },
  {
    name: 'trusted takes no stranger’s value',
    edits: [{ file: argumentChecks, from: 'if (!isTrusted(argument.label)) return', to: 'if (argument === undefined) return' }],
    attack: desk('a stranger’s text where only trusted ones are taken'),
  },
  {
    name: 'labels survive a restart',
    edits: [
      {
        file: 'paybill/src/label/labeled.ts',
        from: 'return new Labeled(value, label)\n  },\n}',
        to: "return new Labeled(value, { ...label, writers: ['system'] })\n  },\n}",
      },
    ],
    attack: desk('a stranger’s text that looks trusted after a restart'),
  },
  {
    name: 'labels survive map',
    edits: [
      {
        file: 'paybill/src/label/labeled.ts',
        from: 'return new Labeled(result, labeled.label)',
        to: "return new Labeled(result, { ...labeled.label, writers: ['system'] })",
      },
    ],
    attack: desk('a stranger’s text that was worked on'),
  },
  {
    name: 'what a model chooses is counted in the value',
    edits: [{ file: argumentChecks, from: 'if (bits <= allowed) return null', to: 'if (bits >= 0) return null' }],
    attack: desk('a model that chooses who is paid'),
  },
  {
    name: 'what a model decides is counted in the call',
    edits: [
      {
        file: invoke,
        from: 'if (influenceBits(call.control) > action.influence) {',
        to: 'if (action.influence < 0) {',
      },
    ],
    attack: desk('a model that decides whether money moves'),
  },
  {
    name: 'a row that untrusted text looked up is counted in the call',
    edits: [
      {
        file: invoke,
        from: 'if (influenceBits(call.control) > action.influence) {',
        to: "if (call.control.writers.some((writer) => writer !== 'system') && influenceBits(call.control) > action.influence) {",
      },
    ],
    attack: desk('a trusted row that a stranger looked up'),
  },
  {
    name: 'a stranger’s own value counts the rows that he chose from',
    edits: [{ file: invoke, from: '!isCounted(resolved.label)', to: "isCounted(resolved.label) && argument === ''" }],
    attack: desk('a stranger who chooses among all payees'),
  },
  {
    name: 'a branch counts all that a stranger’s text could choose',
    edits: [
      {
        file: 'paybill/src/run/replay.ts',
        from: 'return isCounted(label) && influenceBits(label) <= mostBits ?',
        to: 'return isCounted(label) || influenceBits(label) > 0 ?',
      },
    ],
    attack: desk('a stranger’s text beside a small decision'),
  },
  {
    name: 'a branch passes on who chose it',
    edits: [
      {
        file: 'paybill/src/run/replay.ts',
        from: 'if (!(value instanceof Labeled)) return systemLabel',
        to: 'if (!(value instanceof Labeled) || cases > 0) return systemLabel',
      },
    ],
    attack: desk('a model that decides whether money moves'),
  },
  {
    name: 'a model’s answer is labelled with what it could choose',
    edits: [
      { file: decide, from: 'influence: { [call.path]: bits } })', to: 'influence: bits > 99 ? { [call.path]: bits } : {} })' },
    ],
    attack: desk('a model that chooses who is paid'),
  },
  {
    name: 'a model answers one of the declared answers',
    edits: [
      {
        file: decide,
        from: "if (typeof answer === 'string' && answers.includes(answer)) return",
        to: "if (typeof answer === 'string') return",
      },
    ],
    attack: desk('an answer that was not declared'),
  },
  {
    name: 'a model answers in time',
    edits: [
      {
        file: decide,
        from: 'await within(signal, call.model.answer({ task, texts: plain, answers, maxTokens, signal }), late)',
        to: 'await within(call.signal, call.model.answer({ task, texts: plain, answers, maxTokens, signal }), late)',
      },
    ],
    attack: desk('an answer that comes too late'),
  },

  // Bounds.
  {
    name: 'an amount is bounded for each call',
    edits: [
      {
        file: argumentChecks,
        from: 'if (limit === undefined || amount.minor > limit.minor) questions.push',
        to: 'if (limit === undefined) questions.push',
      },
    ],
    attack: inbox,
  },
  {
    name: 'a currency without a limit is over it',
    edits: [
      {
        file: argumentChecks,
        from: 'if (limit === undefined || amount.minor > limit.minor) questions.push',
        to: 'if (limit !== undefined && amount.minor > limit.minor) questions.push',
      },
      { file: budget, from: 'each.max === null || (spent', to: 'each.max !== null && (spent' },
    ],
    attack: inbox,
  },
  {
    name: 'a total for each vendor and day',
    edits: [
      {
        file: transfer,
        from: "key: ['vendor'], window: 'day', max: limit('perVendorDay')",
        to: "key: ['vendor'], window: 'day', max: limit('perDay')",
      },
    ],
    attack: inbox,
  },
  {
    name: 'a total for each day',
    edits: [{ file: transfer, from: "          { name: 'day', key: [], window: 'day', max: limit('perDay') },\n", to: '' }],
    attack: { part: 'inbox', seed: 21, batches: 2, size: 60 },
  },
  {
    name: 'totals add up over calls',
    edits: [{ file: budget, from: 'set spent = b.spent + wanted.amount', to: 'set spent = b.spent + 0 * wanted.amount' }],
    attack: inbox,
  },
  {
    name: 'approved amounts count in the totals',
    edits: [
      {
        file: invoke,
        from: 'await budgetSpend(tx, door.tenant, accepted.reservations)',
        to: 'if (call.approval === null) await budgetSpend(tx, door.tenant, accepted.reservations)',
      },
    ],
    attack: desk('an approved amount that leaves no trace'),
  },
  {
    name: 'amounts are above zero',
    edits: [{ file: argumentChecks, from: 'if (amount.minor <= 0n) return', to: 'if (amount.minor === 0n) return' }],
    attack: desk('an amount below zero that makes room'),
  },
  {
    name: 'over a limit a person is asked',
    edits: [{ file: invoke, from: 'call.approval === null ? questions.length === 0 :', to: 'call.approval === null ? true :' }],
    attack: inbox,
  },
  {
    name: 'an approval covers the limits that it names',
    edits: [{ file: invoke, from: 'if (of.questions.every(isTold)) return true', to: 'if (told.every(isTold)) return true' }],
    attack: desk('an approval that did not name the total'),
  },
  {
    name: 'a limit that nobody may go over holds for an approved call too',
    edits: [
      {
        file: invoke,
        from: 'const strict = questions.find((question) =>',
        to: 'const strict = questions.find((question) => call.approval === null &&',
      },
      { file: invoke, from: 'if (of.questions.every(isTold)) return true', to: 'if (told.length > 0) return true' },
    ],
    attack: desk('an approval for one limit, used over another that nobody may go over'),
  },
  {
    name: 'over a limit nobody may approve, the call is denied',
    edits: [{ file: argumentChecks, from: "if (accepts.over === 'deny') strict.add(name)", to: '' }],
    attack: desk('an approval for what nobody may approve', 'a total that nobody may approve to exceed'),
  },

  // Approvals.
  {
    name: 'an approver needs the right',
    edits: [{ file: approvals, from: 'requireRight(runtime, person, approval.right)', to: '' }],
    attack: inbox,
  },
  {
    name: 'an approver is not who asked',
    edits: [{ file: approvals, from: 'if (approval.requestedBy === as.id) throw', to: "if (approval.requestedBy === '') throw" }],
    attack: desk('approving what one asked for'),
  },
  {
    name: 'an approver belongs to the tenant',
    edits: [
      {
        file: approvalStore,
        from: 'from paybill.approval where tenant = $1 and id = $2`',
        to: 'from paybill.approval where $1::text is not null and id = $2`',
      },
      {
        file: approvalStore,
        from: "where tenant = $1 and id = $2 and state = 'waiting'",
        to: "where $1::text is not null and id = $2 and state = 'waiting'",
      },
    ],
    attack: inbox,
  },
  {
    name: 'a decision is made once',
    edits: [
      {
        file: approvalStore,
        from: "and id = $2 and state = 'waiting' and expires_at > now() returning",
        to: 'and id = $2 and expires_at > now() returning',
      },
    ],
    attack: inbox,
  },
  {
    name: 'a refusal stops the call',
    edits: [
      {
        file: performAction,
        from: "if (decided !== undefined && decided.payload['outcome'] !== 'approved') {",
        to: 'if (decided !== undefined && path === node.name) {',
      },
      {
        file: approvalStore,
        from: "and path = $3 and state = 'approved' and expires_at > now()",
        to: "and path = $3 and state <> 'used'",
      },
    ],
    attack: inbox,
  },
  {
    name: 'an approval expires',
    edits: [{ file: approvalStore, from: "and state = 'approved' and expires_at > now()", to: "and state = 'approved'" }],
    attack: desk('an approval that runs out at the last moment'),
  },
  {
    name: 'an approval is used once',
    edits: [
      {
        file: approvalStore,
        from: "update paybill.approval set state = 'used' where",
        to: "update paybill.approval set state = 'approved' where",
      },
    ],
    attack: desk('an approval used twice'),
  },
  {
    name: 'an approval is for one run',
    edits: [
      {
        file: approvalStore,
        from: 'where id = $1 and run_id = $2 and path = $3',
        to: 'where id = $1 and $2::text is not null and path = $3',
      },
    ],
    attack: desk('the approval of another run'),
  },
  {
    name: 'an approval was given',
    edits: [
      {
        file: approvalStore,
        from: "and path = $3 and state = 'approved'",
        to: "and path = $3 and state in ('approved', 'waiting')",
      },
    ],
    attack: desk('an approval that nobody gave'),
  },
  {
    name: 'an approval is for these values',
    edits: [{ file: approvalStore, from: "row['values_hash'] !== use.hashes.values ||", to: '' }],
    attack: desk('other values than were approved'),
  },
  {
    name: 'an approval is for this version of the action',
    edits: [{ file: approvalStore, from: "Number(row['version']) !== use.version ||", to: '' }],
    attack: desk('an approval for an earlier version of the action'),
  },

  // Rights.
  {
    name: 'an agent needs the right too',
    edits: [
      {
        file: invoke,
        from: 'const subject: Subject = { principal, agent: door.agent, grant: null }',
        to: 'const subject: Subject = { principal, agent: null, grant: null }',
      },
    ],
    attack: desk('an agent without the right'),
  },
  {
    name: 'rights are those of now',
    edits: [{ file: invoke, from: 'if (!right.allowed) return', to: 'if (!right.allowed && call.approval === null) return' }],
    attack: desk('a right that was taken away'),
  },
  {
    name: 'starting a run needs the right',
    edits: [
      {
        file: 'paybill/src/run/app.ts',
        from: 'requireRight(runtime, await personNow(runtime, start.as), `start:${workflow.name}`)',
        to: '',
      },
    ],
    attack: desk('a person without the right to start'),
  },
  {
    name: 'a step writes only what it was granted',
    edits: [{ file: 'paybill/src/run/perform-step.ts', from: 'grant: node.grant, purpose', to: 'purpose' }],
    attack: desk('a step that writes what it was not granted'),
  },

  // What leaves, and what is on record.
  {
    name: 'a recipient may read what it is sent',
    edits: [
      { file: recipients, from: 'if (!decision.allowed)', to: "if (table === '')" },
      { file: invoke, from: 'if (checked.recipient !== null) {', to: "if (checked.recipient?.id === '') {" },
    ],
    attack: desk('a recipient without a rule', 'a field that the recipient may not read'),
  },
  {
    name: 'a recipient may read every row where single ones are not known',
    edits: [
      {
        file: recipients,
        from: 'if (fields.every((field) => readsEveryRow(',
        to: 'if (fields.some((field) => field !== null || readsEveryRow(',
      },
    ],
    attack: desk('rows that a recipient may only read in part'),
  },
  {
    name: 'a recipient is declared',
    edits: [
      {
        file: recipients,
        from: "if (principal === null) return refusal('RECIPIENT_MAY_NOT_READ', `nobody declared",
        to: "if (principal === null) return recipient.name !== '' ? null : refusal('RECIPIENT_MAY_NOT_READ', `nobody declared",
      },
    ],
    attack: desk('a recipient that nobody declared'),
  },
  {
    name: 'a model’s provider may read what it is sent',
    edits: [
      { file: decide, from: 'if (refused !== null) throw', to: "if (refused !== null && path === '') throw" },
      {
        file: decide,
        from: 'recipient === null ? null : await checkRecipientRows(',
        to: "path !== '' || recipient === null ? null : await checkRecipientRows(",
      },
    ],
    attack: desk('a model that reads what its provider may not'),
  },
  {
    name: 'an intent is on record before the call',
    edits: [
      {
        file: invoke,
        from: "await append('action.intent', call.path, {",
        to: "if (call.path === '') await append('action.intent', call.path, {",
      },
    ],
    attack: inbox,
  },

  // Counters of a place in the graph.
  {
    name: 'a place has its actions and no others',
    edits: [{ file: invoke, from: 'if (!call.allowed.actions.includes(action.name))', to: "if (action.name === '')" }],
    attack: desk('an action that the graph does not have here'),
  },
  {
    name: 'calls are counted',
    edits: [{ file: invoke, from: "if (Number(row?.['calls']) > call.allowed.calls)", to: "if (Number(row?.['calls']) < 0)" }],
    attack: desk('calling again and again'),
  },
  {
    name: 'refusals are counted',
    edits: [
      { file: invoke, from: "if (Number(row?.['refusals']) >= call.allowed.refusals)", to: "if (Number(row?.['refusals']) < 0)" },
    ],
    attack: desk('trying until something passes'),
  },
]
