// The texts that a person wrote into an invoice, collected with the place they stood in. They are handed on exactly as they
// stand: whoever judges them must see what a hidden character, a foreign alphabet or an encoded passage was meant to do.

import type { FreeText } from './document.ts'
import { maxFreeTextCharacters } from './limits.ts'
import { InvoiceRejected } from './rejection.ts'
import type { XmlElement } from './xml.ts'

// Elements whose content is prose in UBL, wherever they occur. Names of parties and addresses are not: they are compared, not read.
const proseElements = new Set([
  'cbc:Note',
  'cbc:Description',
  'cbc:AllowanceChargeReason',
  'cbc:TaxExemptionReason',
  'cbc:InstructionNote',
  'cbc:DocumentDescription',
  'cbc:CompanyLegalForm',
  'cbc:BuyerReference',
  'cbc:AccountingCost',
])
const proseWithin: Readonly<Record<string, ReadonlySet<string>>> = {
  'cac:Item': new Set(['cbc:Name']),
  'cac:AdditionalItemProperty': new Set(['cbc:Name', 'cbc:Value']),
}

export function collectFreeTexts(root: XmlElement): readonly FreeText[] {
  const texts: FreeText[] = []
  collectInto(texts, root, '')
  const characters = texts.reduce((total, { text }) => total + text.length, 0)
  if (characters > maxFreeTextCharacters)
    throw new InvoiceRejected('LIMIT-FREE-TEXT', `${characters} characters of free text, ${maxFreeTextCharacters} are allowed`)
  return texts
}

function collectInto(texts: FreeText[], parent: XmlElement, parentPath: string): void {
  const seen = new Map<string, number>()
  for (const child of parent.children) {
    const position = (seen.get(child.name) ?? 0) + 1
    seen.set(child.name, position)
    const repeated = child.name.endsWith('Line') || position > 1
    const path = `${parentPath}${parentPath === '' ? '' : '/'}${child.name}${repeated ? `[${position}]` : ''}`
    const isProse = proseElements.has(child.name) || proseWithin[parent.name]?.has(child.name) === true
    if (isProse && child.text.length > 0) texts.push({ path, text: child.text })
    collectInto(texts, child, path)
  }
}
