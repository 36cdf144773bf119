// The one input file that is too large to keep in the repository: an invoice in order but for its attachment, 50 MB of scanned
// drawings. It is written into the example's own input folder before the first start.

import { open, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Draft } from './draft.ts'
import { plainStyle } from './random-style.ts'
import { ublDocument } from './ubl.ts'
import { xmlBytes } from './xml-text.ts'

export const hugeFileName = 'invoice-027.xml'
const attachmentCharacters = 50 * 1024 * 1024
const chunkCharacters = 1024 * 1024

/** Writes the file where it is missing or was left unfinished; gives true where it wrote. A crash leaves no half file under its name. */
export async function makeHugeFile(directory: string): Promise<boolean> {
  const path = join(directory, hugeFileName)
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  )
  if (size > attachmentCharacters) return false
  const [head = '', tail = ''] = Buffer.from(xmlBytes(ublDocument(draft), plainStyle))
    .toString('utf8')
    .split(placeholder)
  // A name with a dot in front is no invoice file, whoever lists the folder meanwhile.
  const unfinished = join(directory, `.${hugeFileName}.${process.pid}`)
  await using file = await open(unfinished, 'w')
  await file.write(head)
  const chunk = 'U2thbm5ldCB0ZWduaW5nLCBzaWRlIDEuIA=='.slice(0, 32).repeat(chunkCharacters / 32)
  for (let written = 0; written < attachmentCharacters; written += chunk.length) await file.write(chunk)
  await file.write(tail)
  await rename(unfinished, path)
  return true
}

const placeholder = 'CONTENT'

const draft: Draft = {
  kind: 'invoice',
  number: '6702',
  issueDate: '2026-04-10',
  dueDate: '2026-04-24',
  currency: 'NOK',
  note: 'Skanna teikningar av lagerhall 3 ligg ved.',
  paymentTerms: null,
  orderReference: 'PO-2026-0081',
  buyerReference: null,
  supplier: {
    number: '10052',
    name: 'Havnelageret Bergen AS',
    scheme: '0192',
    organizationNumber: '991204571',
    vatId: 'NO991204571MVA',
    account: 'NO9295212041131',
    bic: 'HAUGNO21',
    country: 'NO',
    city: 'Bergen',
    street: 'Dokken 3',
  },
  buyer: { name: 'Fjordvarme Drift AS', organizationNumber: '919384603', street: 'Kaivegen 18', city: 'Florø' },
  payment: {
    meansCode: '30',
    reference: '67020000008',
    accounts: [{ id: 'NO9295212041131', name: 'Havnelageret Bergen AS', bic: null }],
  },
  attachments: [{ name: 'teikningar.pdf', description: 'Teikningar, lagerhall 3', content: placeholder }],
  allowances: [],
  lines: [
    {
      name: 'Lagerleie april',
      description: null,
      note: null,
      property: null,
      quantity: 1_000n,
      unit: 'MON',
      price: 1_480_000n,
      allowances: [],
      tax: { code: 'S', percent: '25', exemptionReason: null },
    },
  ],
  prepaid: null,
  rounding: null,
  falsify: null,
}
