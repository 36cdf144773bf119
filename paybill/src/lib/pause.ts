/** Waits, or returns at once when the signal is aborted. In milliseconds. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const over = Promise.withResolvers<void>()
  const timer = setTimeout(over.resolve, ms)
  const onAbort = (): void => over.resolve()
  signal.addEventListener('abort', onAbort, { once: true })
  await over.promise
  clearTimeout(timer)
  signal.removeEventListener('abort', onAbort)
}
