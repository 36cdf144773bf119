// Reads one PEPPOL BIS Billing 3.0 file (UBL 2.1 Invoice or CreditNote) from untrusted bytes. Not for: deciding whether to pay it,
// finding the vendor (match-vendor.ts), or judging its free texts.

import { open } from 'node:fs/promises'
import type { InvoiceDocument } from './document.ts'
import { maxFileBytes } from './limits.ts'
import { readDocument } from './read-document.ts'
import { InvoiceRejected } from './rejection.ts'
import { checkNoEmptyElements, checkRules } from './rules.ts'
import { readXml } from './xml.ts'

/**
 * Gives the invoice, or throws InvoiceRejected with the one rule it breaks. Memory is bounded by the limits in limits.ts, whatever
 * the file holds; a source is read no further than the limit that it breaks.
 *
 * @example const invoice = await readInvoice(Buffer.from(xml))
 */
export async function readInvoice(source: AsyncIterable<Uint8Array> | Uint8Array): Promise<InvoiceDocument> {
  const root = await readXml(source)
  checkNoEmptyElements(root)
  const document = readDocument(root)
  checkRules(document)
  return document
}

/**
 * As {@link readInvoice}, from a file. One that is too large is refused by its size alone, before a byte is read.
 *
 * @example const invoice = await readInvoiceFile('input/invoice-001.xml')
 */
export async function readInvoiceFile(path: string): Promise<InvoiceDocument> {
  await using file = await open(path)
  const { size } = await file.stat()
  if (size > maxFileBytes) throw new InvoiceRejected('FILE_TOO_LARGE', `${size} bytes, ${maxFileBytes} are accepted`)
  // The reader counts as well: a file may grow while it is read.
  return await readInvoice(file.createReadStream({ autoClose: false }))
}
