// Choices by seed: the same seed makes the same choices, on every machine.

export class Random {
  #state: number

  /** Any list of numbers is a seed; lists that differ anywhere give choices that have nothing to do with each other. */
  constructor(...seed: readonly number[]) {
    this.#state = seed.reduce((state, part) => scramble(state ^ scramble(part + 0x9e37_79b9)), 0)
  }

  /** A whole number from 0 to `below` - 1. */
  below(below: number): number {
    this.#state = (this.#state + 0x6d2b_79f5) | 0
    return Math.floor((scramble(this.#state) / 2 ** 32) * below)
  }

  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  chance(probability: number): boolean {
    return this.below(1_000_000) < probability * 1_000_000
  }

  pick<T>(list: readonly [T, ...T[]] | readonly T[]): T {
    const [chosen] = list.slice(this.below(list.length))
    if (chosen === undefined) throw new Error('nothing to pick from')
    return chosen
  }

  /** Each of the list with this probability, in order. */
  some<T>(list: readonly T[], probability: number): T[] {
    return list.filter(() => this.chance(probability))
  }

  times<T>(least: number, most: number, make: (index: number) => T): T[] {
    return Array.from({ length: this.between(least, most) }, (_, index) => make(index))
  }
}

// The finisher of MurmurHash3: each bit of the result depends on each bit of the input.
function scramble(value: number): number {
  let mixed = value | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
