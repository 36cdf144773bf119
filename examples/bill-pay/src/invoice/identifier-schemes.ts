// Identifiers of parties whose form and check digit PEPPOL verifies. A number that only looks like a registered one is refused
// before anybody compares it with the vendor register.

import type { Identifier } from './document.ts'
import type { RuleId } from './rejection.ts'

/** The rule that the identifier breaks, or null. Schemes not listed here are taken as they are. */
export function identifierHolds({ scheme, value }: Identifier): RuleId | null {
  const check = scheme === null ? undefined : schemes[scheme]
  return check === undefined || check.holds(value) ? null : check.rule
}

type SchemeCheck = { readonly rule: RuleId; readonly holds: (value: string) => boolean }

const schemes: Readonly<Record<string, SchemeCheck>> = {
  '0007': { rule: 'PEPPOL-COMMON-R049', holds: isSwedishOrganizationNumber },
  '0088': { rule: 'PEPPOL-COMMON-R040', holds: (value) => /^\d+$/.test(value) && weighted(value, [3, 1], 10) },
  '0184': { rule: 'PEPPOL-COMMON-R042', holds: (value) => /^(DK)?\d{8}$/.test(value) },
  '0192': { rule: 'PEPPOL-COMMON-R041', holds: isNorwegianOrganizationNumber },
  '0208': { rule: 'PEPPOL-COMMON-R043', holds: isBelgianEnterpriseNumber },
}

export function isNorwegianOrganizationNumber(value: string): boolean {
  return /^\d{9}$/.test(value) && weighted(value, [2, 3, 4, 5, 6, 7], 11)
}

function isSwedishOrganizationNumber(value: string): boolean {
  if (!/^\d{10}$/.test(value)) return false
  const sum = Array.from(value, Number).reduce((total, digit, at) => {
    const doubled = digit * (at % 2 === 0 ? 2 : 1)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}

function isBelgianEnterpriseNumber(value: string): boolean {
  return /^\d{10}$/.test(value) && 97 - (Number(value.slice(0, 8)) % 97) === Number(value.slice(8))
}

/** The last digit makes the weighted sum of the others, counted from the right with repeating weights, a multiple. */
function weighted(value: string, weights: readonly number[], modulus: number): boolean {
  const digits = Array.from(value, Number)
  const checkDigit = digits.pop()
  const sum = digits.toReversed().reduce((total, digit, at) => total + digit * (weights[at % weights.length] ?? 0), 0)
  return (modulus - (sum % modulus)) % modulus === checkDigit
}
