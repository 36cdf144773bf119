// Compiled statements by their shape, the most recently used ones. Bounded, because shapes come from callers.

export type CacheCounts = { readonly hits: number; readonly misses: number; readonly size: number }

export class StatementCache<Compiled> {
  readonly #limit: number
  // A Map keeps the order of insertion: the first key is the one that was not used for the longest time.
  readonly #byShape = new Map<string, Compiled>()
  #hits = 0
  #misses = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** The statement of a shape, compiled where it is not there. What `compile` throws is not kept. */
  get(shape: string, compile: () => Compiled): Compiled {
    const found = this.#byShape.get(shape)
    if (found !== undefined) {
      this.#hits += 1
      this.#byShape.delete(shape)
      this.#byShape.set(shape, found)
      return found
    }
    this.#misses += 1
    const compiled = compile()
    this.#byShape.set(shape, compiled)
    const [oldest] = this.#byShape.keys()
    if (this.#byShape.size > this.#limit && oldest !== undefined) this.#byShape.delete(oldest)
    return compiled
  }

  counts(): CacheCounts {
    return { hits: this.#hits, misses: this.#misses, size: this.#byShape.size }
  }
}
