// The trail of a run: the completed nodes that can be compensated. It is never changed, only added to and joined, each in
// constant time, because a state must survive the next one; its order is made when something is undone, which is rare.

export type Trail = Completed | { readonly both: readonly [Trail, Trail] }

/** A node that was completed as the `turn`th of its run that can be compensated. */
type Completed = { readonly path: string; readonly turn: number }

/** Both trails as one; `undefined` is a trail of nothing. */
export function joinTrails(earlier: Trail | undefined, later: Trail): Trail {
  return earlier === undefined ? later : { both: [earlier, later] }
}

/** The paths of a trail, the one that was completed last first. */
export function newestFirst(trail: Trail | undefined): readonly string[] {
  const found: Completed[] = []
  const left = trail === undefined ? [] : [trail]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if ('both' in next) left.push(...next.both)
    else found.push(next)
  }
  return found.toSorted((one, other) => other.turn - one.turn).map(({ path }) => path)
}
