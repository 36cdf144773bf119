import { quoteText } from '../schema/names.ts'

/**
 * A text out of the rules as a SQL literal. Where it happens to hold `:app`, it is written so that nobody takes that for the
 * application role, for which `:app` stands in statements.
 */
export function ruleText(text: string): string {
  const quoted = quoteText(text)
  if (!quoted.includes(':app')) return quoted
  return `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll(':app', '\\x3aapp')}'`
}
