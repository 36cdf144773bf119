// A value that somebody declared, with the place where it stands, so that whatever is wrong with it can be said there.

/** Keys and positions from the root of the declaration. */
export type Path = readonly (string | number)[]

/** Ends the reading of a declaration with an error that names the place. */
export type Refuse = (path: Path, message: string) => never

const namePattern = /^[a-z][A-Za-z0-9_-]{0,59}$/

export class Declared {
  readonly value: unknown
  readonly #path: Path
  readonly #refuse: Refuse

  constructor(value: unknown, path: Path, refuse: Refuse) {
    this.value = value
    this.#path = path
    this.#refuse = refuse
  }

  /** `below` leads from here to a part that is wrong. */
  refuse(message: string, below: Path = []): never {
    return this.#refuse([...this.#path, ...below], message)
  }

  /** The fields of an object of a known form; those that are not required may be missing. */
  fields<const R extends string, const O extends string>(form: {
    readonly required: readonly R[]
    readonly optional: readonly O[]
  }): Readonly<Record<R, Declared>> & Readonly<Partial<Record<O, Declared>>> {
    const known: readonly string[] = [...form.required, ...form.optional]
    const given = new Map(this.#pairs())
    for (const [name, field] of given) if (!known.includes(name)) field.refuse(`is not known here; known are ${known.join(', ')}`)
    for (const name of form.required) if (!given.has(name)) this.refuse(`\`${name}\` is missing`)
    // Checked just above: every required name is there, and no other than the known ones.
    return Object.fromEntries(given) as Readonly<Record<R, Declared>> & Readonly<Partial<Record<O, Declared>>>
  }

  /** The entries of an object whose keys are names that the declaration chooses, in the order of the alphabet. */
  entries(): readonly (readonly [string, Declared])[] {
    const pairs = this.#pairs()
    for (const [name, entry] of pairs)
      if (!namePattern.test(name))
        entry.refuse('a name begins with a lower-case letter and has letters, digits, `-` and `_`, at most 60')
    return pairs.toSorted(([left], [right]) => (left < right ? -1 : 1))
  }

  items(): readonly Declared[] {
    if (!Array.isArray(this.value)) return this.refuse('must be a list')
    return this.value.map((item: unknown, index) => new Declared(item, [...this.#path, index], this.#refuse))
  }

  text(limits: { readonly maxLength: number }): string {
    const { value } = this
    if (typeof value !== 'string' || value.trim() === '' || value.length > limits.maxLength)
      return this.refuse(`must be a text of 1 to ${limits.maxLength} characters`)
    return value
  }

  name(): string {
    const { value } = this
    if (typeof value !== 'string' || !namePattern.test(value))
      return this.refuse('must be a name: a lower-case letter, then letters, digits, `-` and `_`, at most 60')
    return value
  }

  whole(limits: { readonly minimum: number; readonly maximum: number }): number {
    const { value } = this
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < limits.minimum || value > limits.maximum)
      return this.refuse(`must be a whole number from ${limits.minimum} to ${limits.maximum}`)
    return value
  }

  oneOf<const V extends string>(values: readonly V[]): V {
    const found = values.find((value) => value === this.value)
    return found ?? this.refuse(`must be one of ${values.join(', ')}`)
  }

  #pairs(): readonly (readonly [string, Declared])[] {
    const { value } = this
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.refuse('must have named fields')
    return Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .map(([name, entry]: [string, unknown]) => [name, new Declared(entry, [...this.#path, name], this.#refuse)])
  }
}

/** A path as people write it: `products.bill-pay.plans.starter.versions[0]`. */
export function pathText(path: Path): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('')
  return text === '' ? 'the catalog' : text.replace(/^\./, '')
}
