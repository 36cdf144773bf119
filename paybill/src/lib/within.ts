/**
 * Waits for work no longer than until the signal: throws what `late` makes, and leaves work that does not heed its signal
 * behind. For calls whose other end may never answer.
 */
export async function within<R>(signal: AbortSignal, work: Promise<R>, late: () => Error): Promise<R> {
  const aborted = Promise.withResolvers<never>()
  const onAbort = (): void => aborted.reject(late())
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
