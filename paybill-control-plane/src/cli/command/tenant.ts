// `paybillctl tenant VERB T`: one tenant.

import { visible } from 'paybill/lib'
import { call, findServer, type Server } from '../client.ts'
import type { CliIo } from '../io.ts'
import { accessCell, momentText, printTenant } from '../show.ts'
import { printFields, printTable } from '../table.ts'
import { oneOf, readWords, spanMs, wrong } from '../words.ts'

const verbs = ['show', 'suspend', 'resume', 'delete', 'explain', 'preview', 'route', 'runs', 'certificate'] as const
const reasons = ['payment', 'operator', 'security', 'quota'] as const

type Asked = { readonly server: Server; readonly id: string; readonly isJson: boolean; readonly io: CliIo }

export async function tenantCommand(words: readonly string[], io: CliIo): Promise<void> {
  const [given, ...rest] = words
  const verb = oneOf(given, verbs, 'the verb of `tenant`')
  const command = `tenant ${verb}`
  const names = ['the id of a tenant']
  const asked = (of: ReturnType<typeof readWords>): Asked => {
    const [id = ''] = of.names
    return { server: findServer(of.options, io), id, isJson: of.options.json === true, io }
  }
  switch (verb) {
    case 'show':
    case 'delete': {
      const { server, id, isJson } = asked(readWords(rest, { command, names }))
      const tenant = await call(server, verb === 'show' ? 'tenantShow' : 'tenantDelete', { path: { id } })
      return isJson ? io.out(JSON.stringify(tenant)) : printTenant(io, tenant)
    }
    case 'suspend':
    case 'resume': {
      const read = readWords(rest, { command, names, options: { reason: { type: 'string' } } })
      const reason = oneOf(read.options.reason ?? 'operator', reasons, '`--reason`')
      const { server, id, isJson } = asked(read)
      const tenant =
        verb === 'suspend'
          ? await call(server, 'tenantSuspend', { path: { id }, body: { reason } })
          : await call(server, 'tenantResume', { path: { id, reason } })
      return isJson ? io.out(JSON.stringify(tenant)) : printTenant(io, tenant)
    }
    case 'explain':
      return explain(asked(readWords(rest, { command, names })))
    case 'preview': {
      const read = readWords(rest, { command, names, options: { until: { type: 'string' } } })
      return preview(asked(read), read.options.until ?? '90d')
    }
    case 'route':
      return route(asked(readWords(rest, { command, names })))
    case 'runs':
      return runs(asked(readWords(rest, { command, names })))
    case 'certificate': {
      const { server, id, isJson, io } = asked(readWords(rest, { command, names }))
      const answer = await call(server, 'tenantCertificate', { path: { id } })
      return io.out(isJson ? JSON.stringify(answer) : answer.certificate)
    }
    default:
      return verb satisfies never
  }
}

async function explain({ server, id, isJson, io }: Asked): Promise<void> {
  const explanation = await call(server, 'tenantExplain', { path: { id } })
  if (isJson) return io.out(JSON.stringify(explanation))
  for (const line of explanation.lines) io.out(visible(line))
}

/** `until` is a moment, or a span from the business time on. */
async function preview({ server, id, isJson, io }: Asked, until: string): Promise<void> {
  const timeline = await call(server, 'tenantPreview', { path: { id }, query: { until: await momentOf(server, until) } })
  if (isJson) return io.out(JSON.stringify(timeline))
  printTable(
    io,
    [{ title: 'when', isWhole: true }, { title: 'what' }],
    timeline.entries.map(({ at, what }) => [{ text: momentText(at) }, { text: what }]),
  )
}

async function momentOf(server: Server, until: string): Promise<string> {
  if (!/^\d{4}-/.test(until)) {
    const { now } = await call(server, 'clockShow', {})
    return new Date(Date.parse(now) + spanMs(until)).toISOString()
  }
  if (Number.isNaN(Date.parse(until))) throw wrong(`\`--until ${visible(until)}\` is no moment: write \`2027-03-01\` or \`90d\``)
  return new Date(until).toISOString()
}

async function route({ server, id, isJson, io }: Asked): Promise<void> {
  const found = await call(server, 'tenantRoute', { path: { id } })
  if (isJson) return io.out(JSON.stringify(found))
  printFields(io, [
    ['tenant', { text: found.tenant }],
    ['access', accessCell(found.access)],
    ...found.because.map((reason) => ['because', { text: reason }] as const),
    ['cell', { text: found.cell ?? '–' }],
    ['isolation', { text: found.isolation }],
    ['database', { text: found.database ?? '–' }],
    ['epoch', { text: String(found.epoch) }],
  ])
}

async function runs({ server, id, isJson, io }: Asked): Promise<void> {
  const found = await call(server, 'tenantRuns', { path: { id } })
  if (isJson) return io.out(JSON.stringify(found))
  printTable(
    io,
    [
      { title: 'run', isWhole: true },
      { title: 'kind' },
      { title: 'state' },
      { title: 'serial', isNumber: true },
      { title: 'plan' },
    ],
    found.runs.map(({ id: run, kind, state, serial, planHash }) => [
      { text: run },
      { text: kind },
      { text: state },
      { text: serial === null ? '–' : String(serial) },
      { text: planHash ?? '–' },
    ]),
  )
}
