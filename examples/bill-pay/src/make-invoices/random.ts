// Random choices that a seed decides: the same seed gives the same folder on every machine. Not for secrets.

export type Random = {
  /** A whole number from 0 up to, not including, `below`. */
  integer(below: number): number
  between(from: number, to: number): number
  pick<Item>(items: readonly [Item, ...Item[]]): Item
  /** True about `percent` times out of a hundred. */
  chance(percent: number): boolean
  shuffled<Item>(items: readonly Item[]): Item[]
  digits(count: number): string
}

/** The sfc32 generator, seeded by running it over the number first. */
export function randomFrom(seed: number): Random {
  let [a, b, c, counter] = [0, seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, 1]
  const next = (): number => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  for (let warmUp = 0; warmUp < 16; warmUp += 1) next()

  const integer = (below: number): number => next() % below
  const random: Random = {
    integer,
    between: (from, to) => from + integer(to - from + 1),
    pick: (items) => items[integer(items.length)] ?? items[0],
    chance: (percent) => integer(100) < percent,
    shuffled(items) {
      const result = [...items]
      for (let last = result.length - 1; last > 0; last -= 1) {
        const other = integer(last + 1)
        const moved = result[last] as (typeof result)[number] // both indices lie inside
        result[last] = result[other] as (typeof result)[number]
        result[other] = moved
      }
      return result
    },
    digits: (count) => Array.from({ length: count }, () => integer(10)).join(''),
  }
  return random
}
