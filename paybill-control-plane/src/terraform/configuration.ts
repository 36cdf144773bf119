// Terraform's configuration as data, written as canonical `.tf.json`: sorted keys, no time, no machine, so that the same
// tree always gives the same bytes. Text is never an expression: what Terraform would read as a template is escaped, and an
// expression is a `Reference`, which can name something and nothing more.

import { createHash } from 'node:crypto'
import { PaybillError } from 'paybill/lib'

/** A place in a configuration. */
export type Value = string | number | boolean | null | Reference | readonly Value[] | { readonly [key: string]: Value }

/** The name of another value, such as `var.server`; the one kind of expression that a configuration has. */
export class Reference {
  readonly path: string
  constructor(path: string) {
    if (!/^[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*$/.test(path))
      throw new PaybillError('ARGUMENT_INVALID', `\`${path.slice(0, 80)}\` is not the name of a Terraform value`)
    this.path = path
  }
}

/** Writes a configuration as Terraform reads it. */
export function renderConfiguration(configuration: Value): string {
  return writeJson(configuration, escapeTemplate)
}

/** Writes values that Terraform takes as they are, such as those of `terraform.tfvars.json`. */
export function renderValues(values: Value): string {
  return writeJson(values, (text) => text)
}

/** SHA-256 in hexadecimal. */
export function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

const maxDepth = 32

function writeJson(value: Value, written: (text: string) => string): string {
  const toJson = (part: Value, depth: number): unknown => {
    if (depth > maxDepth) throw new PaybillError('ARGUMENT_INVALID', `a configuration is nested deeper than ${maxDepth} levels`)
    if (typeof part === 'string') return written(part)
    if (part === null || typeof part === 'boolean') return part
    if (typeof part === 'number') {
      if (!Number.isFinite(part)) throw new PaybillError('ARGUMENT_INVALID', `\`${part}\` cannot be written as JSON`)
      return part
    }
    if (part instanceof Reference) return `\${${part.path}}`
    if (isList(part)) return part.map((item) => toJson(item, depth + 1))
    const entries = Object.entries(part).toSorted(([left], [right]) => (left < right ? -1 : 1))
    // Terraform reads the keys of some objects as templates too, and no name that we render needs a template's signs.
    for (const [key] of entries)
      if (/[$%]\{/.test(key)) throw new PaybillError('ARGUMENT_INVALID', 'a key of a configuration looks like a template')
    return Object.fromEntries(entries.map(([key, item]) => [key, toJson(item, depth + 1)]))
  }
  return `${JSON.stringify(toJson(value, 0), null, 2)}\n`
}

function escapeTemplate(text: string): string {
  return text.replaceAll(/[$%]\{/g, (sign) => `${sign.charAt(0)}${sign}`)
}

function isList(value: object): value is readonly Value[] {
  return Array.isArray(value)
}
