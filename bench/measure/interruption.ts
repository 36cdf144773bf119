// Ctrl-C during a benchmark: an error like any other, so that what was started is stopped and removed on the way out.

/** Runs work with a signal that Ctrl-C and a polite kill abort. */
export async function interruptible<R>(work: (signal: AbortSignal) => Promise<R>): Promise<R> {
  const controller = new AbortController()
  const stop = (name: NodeJS.Signals): void => controller.abort(new Error(`stopped by ${name}`))
  process.on('SIGINT', stop).on('SIGTERM', stop)
  try {
    return await work(controller.signal)
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}
