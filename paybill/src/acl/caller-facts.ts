/** Where the facts of the caller come from: parameters of a statement, or the setting that row level security reads. */
export type CallerFacts = {
  /** The claim as a SQL value of this type; NULL where the principal lacks it. */
  claim(name: string, sqlType: string): string
  tenant(): string
}
