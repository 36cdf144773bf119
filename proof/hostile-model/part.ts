// What one process is told to attack, and what it answers.

/** `batches` inboxes of `size` variations each, every third of them on a short day; the folder of the example as it is, or the named attacks on the desk. */
export type Part =
  | { readonly part: 'inbox'; readonly seed: number; readonly batches: number; readonly size: number }
  | { readonly part: 'folder'; readonly seed: number }
  | { readonly part: 'desk'; readonly names: readonly string[] | null }

export type Seen = { readonly violations: readonly string[]; readonly counts: Readonly<Record<string, number>> }
