// The middle of several measurements: one disturbed round does not move it, as it would move a mean.

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.floor((sorted.length - 1) / 2)]
  if (upper === undefined || lower === undefined) throw new RangeError('the median of nothing is asked for')
  return (lower + upper) / 2
}

/** Rounded to three significant digits: what is behind them differs from run to run. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3))
}
