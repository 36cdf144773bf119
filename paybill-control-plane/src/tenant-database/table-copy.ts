// The rows of one table as bytes, out of the database by COPY, with their count and checksum.

import { createHash } from 'node:crypto'
import { to } from 'pg-copy-streams'
import { statementFailure } from 'paybill/database'
import type { AdminConnection } from 'paybill/migrate'
import { quoteName, quoteText } from 'paybill/schema'
import type { TableEnd } from './backup-frame.ts'
import type { TenantTable } from './tenant-table.ts'

/** The tenant's rows in the order of their keys, in pieces of about 64 KiB. Call it inside `asOwner`. */
export async function* copyOut(database: AdminConnection, table: TenantTable, tenant: string): AsyncGenerator<Buffer> {
  const own = quoteText(tenant)
  const columns = table.columns.map((column) => `${column.read(own)} as ${quoteName(column.name)}`).join(', ')
  const condition = table.rows.of === 'tenant' ? ` where ${table.rows.condition(own)}` : ''
  const order = table.key.length === 0 ? '' : ` order by ${table.key.join(', ')}`
  const rows = database.submit(to(`copy (select ${columns} from ${table.sql}${condition}${order}) to stdout`))
  let held: Buffer[] = []
  let length = 0
  try {
    // A stream without an encoding gives bytes; its types say `any`.
    for await (const chunk of rows as AsyncIterable<Buffer>) {
      held.push(chunk)
      length += chunk.length
      if (length < pieceBytes) continue
      yield Buffer.concat(held)
      held = []
      length = 0
    }
  } catch (error) {
    throw statementFailure(error)
  }
  if (length > 0) yield Buffer.concat(held)
}

const pieceBytes = 64 * 1024

/** Counts and hashes what goes by. */
export function rowMeter(): { take(bytes: Uint8Array): void; end(): TableEnd } {
  const hash = createHash('sha256')
  let rows = 0
  return {
    take: (bytes) => {
      hash.update(bytes)
      // COPY ends each row with this byte, and writes it inside of values as two others.
      for (const byte of bytes) if (byte === newline) rows += 1
    },
    end: () => ({ rows, sha256: hash.digest('hex') }),
  }
}

const newline = 10
