// A set of positive numbers as the stretches that they fill: the entries of a run, which come nearly in order and nearly
// without gaps, take the room of one stretch.

type Stretch = readonly [from: number, to: number]

export class NumberSet {
  /** In order, apart from each other by at least one number. */
  #stretches: Stretch[] = []

  get highest(): number {
    return this.#stretches.at(-1)?.[1] ?? 0
  }

  add(number: number): void {
    const last = this.#stretches.at(-1)
    if (last !== undefined && last[1] + 1 === number) {
      this.#stretches[this.#stretches.length - 1] = [last[0], number]
      return
    }
    const below = this.#stretches.filter(([, to]) => to < number - 1)
    const above = this.#stretches.filter(([from]) => from > number + 1)
    const touching = this.#stretches.slice(below.length, this.#stretches.length - above.length)
    const from = Math.min(number, touching[0]?.[0] ?? number)
    const to = Math.max(number, touching.at(-1)?.[1] ?? number)
    this.#stretches = [...below, [from, to], ...above]
  }

  /** Whether it holds exactly the numbers from 1 to `end`. */
  isFilledTo(end: number): boolean {
    const [first, ...others] = this.#stretches
    return others.length === 0 && first?.[0] === 1 && first[1] === end
  }

  /** The stretches that are missing below the highest number. */
  gaps(): readonly Stretch[] {
    return this.#stretches.flatMap(([from], index): Stretch[] => {
      const after = this.#stretches[index - 1]?.[1] ?? 0
      return from > after + 1 ? [[after + 1, from - 1]] : []
    })
  }
}
