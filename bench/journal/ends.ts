// Runs that have ended, told in whichever order the start of a run answers and its end is heard of.

export class Ends {
  readonly #early = new Set<string>()
  readonly #waiting = new Map<string, () => void>()

  ended(runId: string): void {
    const resolve = this.#waiting.get(runId)
    if (resolve === undefined) this.#early.add(runId)
    else resolve()
    this.#waiting.delete(runId)
  }

  async wait(runId: string): Promise<void> {
    if (this.#early.delete(runId)) return
    await new Promise<void>((resolve) => this.#waiting.set(runId, resolve))
  }
}
