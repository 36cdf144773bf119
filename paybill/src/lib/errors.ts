// The one error class of Paybill and the table of its codes. A code names what went wrong for a program, `fix` says to
// a person what to change. What the caller sees and what the log sees are two fields, never one.

/** Every code, with the HTTP status it maps to and what the reader should change. docs/errors.md lists the same table. */
export const errorCodes = {
  // The caller's mistakes.
  ARGUMENT_INVALID: { status: 400, fix: 'change the argument that the message names' },
  SCHEMA_INVALID: { status: 400, fix: 'change the table or column that the message names' },
  RULES_INVALID: { status: 400, fix: 'change the access rule that the message names' },
  WORKFLOW_INVALID: { status: 400, fix: 'change the workflow step that the message names' },
  ACTION_INVALID: { status: 400, fix: 'change the action that the message names' },
  CATALOG_INVALID: { status: 400, fix: 'change the catalog at the place that the message names' },
  COMPANY_INVALID: { status: 400, fix: 'correct the field of company.json that the message names' },
  VENDOR_REGISTER_INVALID: { status: 400, fix: 'correct the line of vendors.csv that the message names' },
  EXPORT_INVALID: { status: 400, fix: 'make the export again, and hand it over whole' },
  QUERY_REFUSED: { status: 400, fix: 'use a query form that the session can check; the message names the part it cannot' },
  SIGN_IN_REQUIRED: { status: 401, fix: 'sign in first; the server was given no identity that it knows' },
  CROSS_SITE: { status: 403, fix: 'send it from the page itself, or with the header `paybill-request`; another site may not' },
  DENIED: { status: 403, fix: 'ask for a rule that allows this, or do it as somebody who may' },
  NOT_FOUND: { status: 404, fix: 'check the key: no such row can be seen by this principal' },
  METHOD_NOT_ALLOWED: { status: 405, fix: 'use a method that the `allow` header names' },
  BODY_TOO_LARGE: { status: 413, fix: 'send less: a request here is a form with a few short fields' },
  CONTENT_TYPE_UNKNOWN: { status: 415, fix: 'send JSON, with the header `content-type: application/json`' },
  IDEMPOTENCY_KEY_INVALID: {
    status: 400,
    fix: 'send the header `idempotency-key` once, with 1 to 200 visible characters, a new one for each change',
  },
  IDEMPOTENCY_KEY_REUSED: { status: 422, fix: 'use a new `idempotency-key`: this one came with another request before' },
  IDEMPOTENCY_IN_FLIGHT: { status: 409, fix: 'wait a little and repeat it: the first request with this key is not answered yet' },
  HOST_UNKNOWN: { status: 421, fix: 'use the address that the server printed when it started' },
  CONFLICT: { status: 409, fix: 'read the row again and repeat the change on what it is now' },
  LIMIT_ROWS_READ: { status: 422, fix: 'narrow the condition or ask for a page; the limit is part of the rules' },
  LIMIT_ROWS_CHANGED: { status: 422, fix: 'narrow the condition; nothing was changed' },
  LIMIT_TIME: { status: 422, fix: 'narrow the condition or add an index; the statement was stopped and nothing was changed' },
  CONDITION_REQUIRED: { status: 400, fix: 'say which rows: an update or delete needs a condition' },
  LABELED_VALUE_USED: { status: 400, fix: 'use pick, format, parse, size or map, or pass the labelled value on as it is' },
  ARGUMENT_NOT_ACCEPTED: { status: 403, fix: 'give the argument a value that its declaration accepts' },
  RECIPIENT_MAY_NOT_READ: {
    status: 403,
    fix: 'give the recipient a rule that reads every origin of the value, or do not send it',
  },
  BUDGET_EXCEEDED: { status: 429, fix: 'wait for the next window, or have the budget raised' },
  REFUSAL_LIMIT: { status: 429, fix: 'the step was refused too often; read its refusals and start a new run' },
  STEP_NOT_ALLOWED: { status: 403, fix: 'the graph does not allow this action at this step; change the workflow' },
  APPROVAL_REQUIRED: { status: 403, fix: 'ask somebody who may approve' },
  APPROVAL_REFUSED: { status: 403, fix: 'somebody with the right refused it; start anew if that was a mistake' },
  APPROVAL_EXPIRED: { status: 409, fix: 'nobody decided in time, or it came too late to be used; start anew to ask again' },
  APPROVAL_NOT_OPEN: { status: 409, fix: 'the approval was already decided, used or has expired; ask for a new one' },
  APPROVAL_OWN: { status: 403, fix: 'another person than the one who asked must decide' },
  APPROVAL_CHANGED: { status: 409, fix: 'what would run is no longer what was approved; ask for a new approval' },
  CAPACITY_EXHAUSTED: { status: 409, fix: 'add a cell or places to one, or choose another region or plan; nothing was made' },
  TENANT_WAITS: { status: 409, fix: 'do what it waits for, or ask again later; `paybillctl tenant explain` says more' },
  TENANT_PARKED: { status: 409, fix: 'read what `paybillctl tenant explain` says of it; a person has to look' },
  RUN_NOT_ALIVE: { status: 409, fix: 'the run has ended or is parked; look at its history' },
  VERSION_MISSING: { status: 409, fix: 'register the version of the workflow that this run was started with' },
  TRANSACTION_OVER: { status: 409, fix: 'await every statement inside the function that was given to `transaction`' },
  TERRAFORM_LOCKED: { status: 409, fix: 'wait until the run that holds the workspace has ended, then start again' },
  TERRAFORM_PLAN_STALE: { status: 409, fix: 'start a new run: the state has moved since this one was planned' },
  // The world's.
  FENCE_LOST: { status: 409, fix: 'another worker took the run over; this one stops by itself' },
  DATABASE_UNREACHABLE: {
    status: 503,
    fix: 'check that PAYBILL_DATABASE_URL names a running PostgreSQL that accepts this user and password',
  },
  DATABASE_BUSY: { status: 503, fix: 'do less at once, or raise `maxConnections`: every connection is in use' },
  DATABASE_LOST: { status: 503, fix: 'repeat the call on what is there now: what was not committed is undone' },
  DATABASE_TOO_OLD: { status: 500, fix: 'use PostgreSQL 16, 17 or 18' },
  DATABASE_START_FAILED: { status: 500, fix: 'read the server log that the message names' },
  DATABASE_PRODUCTION: { status: 500, fix: 'set PAYBILL_DATABASE_URL: the embedded database is for development only' },
  DATABASE_ROLE_INSUFFICIENT: { status: 500, fix: 'let PAYBILL_DATABASE_URL name a user with CREATEDB and CREATEROLE' },
  DATABASE_ROLE_UNSAFE: {
    status: 500,
    fix: 'let the application connect as a role that owns no table and cannot bypass row level security',
  },
  DATABASE_OPEN_TO_ALL: {
    status: 500,
    fix: 'revoke CONNECT and TEMPORARY on the database that the message names from PUBLIC; nothing was made on this server',
  },
  OBJECT_UNKNOWN: { status: 500, fix: 'declare what the message names in the application, or drop it: nothing is passed over' },
  BACKUP_INVALID: { status: 500, fix: 'keep it and make another backup at once: this one would not bring the tenant back' },
  CERTIFICATE_INVALID: { status: 400, fix: 'ask for the certificate again: this text was not signed so' },
  DATABASE_FAILED: { status: 500, fix: 'read the log entry; the caller is not shown database texts' },
  DISK_FULL: { status: 507, fix: 'free disk space, or lower PAYBILL_MIN_FREE_MB' },
  PORT_TAKEN: { status: 409, fix: 'choose another port, or stop what listens on it' },
  SERVER_UNREACHABLE: { status: 503, fix: 'start the server, or give its address with --url' },
  MODEL_FAILED: { status: 502, fix: 'check the key and the address of the model provider' },
  MODEL_ANSWER_INVALID: { status: 502, fix: 'the model did not answer in the declared form; the attempt is charged' },
  EXTERNAL_FAILED: { status: 502, fix: 'the outside service refused or did not answer; the run retries as declared' },
  PROCESS_START_FAILED: { status: 500, fix: 'read what the process wrote, which the message shows' },
  TERRAFORM_UNUSABLE: { status: 500, fix: 'install Terraform 1.11 or newer, or let PAYBILL_TERRAFORM_BINARY name one' },
  TERRAFORM_FAILED: { status: 502, fix: 'read what Terraform wrote, which the message shows, and start a new run' },
  // Ours.
  KEYS_INVALID: {
    status: 500,
    fix: 'do what the message says, or restore the keys from their backup; new keys cannot go on with an old journal',
  },
  KEY_MISSING: { status: 410, fix: 'make the key first; what was sealed under a key that was destroyed cannot be read again' },
  SEAL_INVALID: { status: 500, fix: 'use the key and the context that it was sealed with, or a copy that is whole' },
  JOURNAL_BROKEN: { status: 500, fix: 'the journal does not verify; keep the database as it is and read the findings' },
  STATE_BROKEN: { status: 500, fix: 'restore the tenant key, or roll back to a version of the state that can be opened' },
  INTERNAL: { status: 500, fix: 'report this: a state that cannot be was reached' },
} as const satisfies Record<string, { readonly status: number; readonly fix: string }>

export type ErrorCode = keyof typeof errorCodes

/**
 * An error with a code. `message` is for the log: lower-case, no full stop, inputs in backticks. `shown` is what a caller
 * may see: the code, and a detail only where it was given on purpose.
 *
 * @example throw new PaybillError('PORT_TAKEN', 'port `8080` is taken', { shown: 'port `8080` is taken' })
 */
export class PaybillError extends Error {
  readonly code: ErrorCode
  readonly shown: string
  constructor(code: ErrorCode, message: string, options: { readonly cause?: unknown; readonly shown?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'PaybillError'
    this.code = code
    this.shown = options.shown ?? errorCodes[code].fix
  }

  get status(): number {
    return errorCodes[this.code].status
  }

  get fix(): string {
    return errorCodes[this.code].fix
  }
}

/** The one line that a command prints for an error: code, what happened, what to do. */
export function errorLine(error: unknown): string {
  if (error instanceof PaybillError) return `${error.code}: ${error.message}; ${error.fix}`
  return `INTERNAL: ${error instanceof Error ? error.message : String(error)}; ${errorCodes.INTERNAL.fix}`
}
