// The port to a model. A model gets a task and texts and answers one of the given answers; it has no tools, sees no ids
// and decides nothing else. Whatever it says is checked against the declared answers.

export type ModelText = { readonly origin: string; readonly text: string }

export type ModelRequest = {
  readonly task: string
  readonly texts: readonly ModelText[]
  readonly answers: readonly string[]
  readonly maxTokens: number
  readonly signal: AbortSignal
}

/** `answer` is whatever the model said, unchecked. Tokens are null where the provider does not tell. */
export type ModelAnswer = { readonly answer: unknown; readonly tokens: number | null }

/** A model and the recipient that its provider is: sending it text is an egress like any other. */
export type Model = {
  readonly name: string
  readonly recipient: string
  readonly answer: (request: ModelRequest) => Promise<ModelAnswer>
}
