// Whether what a server answered has the form that it promised. Fields that are not named are left alone, so that a newer
// server can say more.

type Json = Readonly<Record<string, unknown>>

/** A form is JSON Schema, as far as the generated client uses it. */
export function fits(forms: Readonly<Record<string, Json>>, form: Json, value: unknown): boolean {
  const again = (part: unknown, item: unknown): boolean => fits(forms, part as Json, item) // a part of a form is a form
  if (typeof form['$ref'] === 'string') {
    const named = forms[form['$ref'].replace('#/components/schemas/', '')]
    return named !== undefined && again(named, value)
  }
  if (Array.isArray(form['anyOf'])) return form['anyOf'].some((part) => again(part, value))
  const types: readonly unknown[] = Array.isArray(form['type']) ? form['type'] : [form['type']]
  if (!types.some((type) => isOf(type, value))) return false
  if (Array.isArray(form['enum']) && !form['enum'].includes(value)) return false
  if ('const' in form && form['const'] !== value) return false
  if (Array.isArray(value)) return value.every((item) => again(form['items'], item))
  if (typeof value !== 'object' || value === null) return true
  const fields = new Map(Object.entries(value))
  const required: readonly unknown[] = Array.isArray(form['required']) ? form['required'] : []
  return (
    required.every((name) => typeof name === 'string' && fields.has(name)) &&
    Object.entries(form['properties'] ?? {}).every(([name, part]) => !fields.has(name) || again(part, fields.get(name)))
  )
}

function isOf(type: unknown, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null
    case 'array':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    case 'integer':
      return Number.isInteger(value)
    default:
      return typeof value === type
  }
}
