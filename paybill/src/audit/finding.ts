// What the verifier found: of which kind, where, and a sentence for people.

export type FindingKind =
  | 'entry-changed'
  | 'entry-removed'
  | 'entry-reordered'
  | 'entry-added'
  | 'payload-changed'
  | 'run-changed'
  | 'run-removed'
  | 'segment-changed'
  | 'signature-invalid'
  | 'rolled-back'
  | 'head-missing'

export type Finding = {
  readonly kind: FindingKind
  readonly tenant: string
  /** The run and the number of the entry, where they are known. */
  readonly run: string | null
  readonly number: number | null
  readonly sentence: string
}

/** Findings up to a limit, so that a journal that is damaged throughout cannot fill the memory, and how many there were. */
export class FindingList {
  readonly listed: Finding[] = []
  #count = 0

  get count(): number {
    return this.#count
  }

  add(
    kind: FindingKind,
    at: { readonly tenant: string; readonly run?: string; readonly number?: number },
    sentence: string,
  ): void {
    this.#count += 1
    if (this.listed.length >= listLimit) return
    this.listed.push({ kind, tenant: at.tenant, run: at.run ?? null, number: at.number ?? null, sentence })
  }
}

const listLimit = 1_000
