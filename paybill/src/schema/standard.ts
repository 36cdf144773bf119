// The Standard Schema interface (standardschema.dev, version 1), so that zod, valibot, arktype and others fit at every
// boundary. Only the part that Paybill calls is declared.

import { PaybillError } from '../lib/errors.ts'

export type StandardSchema<Output = unknown, Input = Output> = {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | {
      readonly issues: readonly {
        readonly message: string
        readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
      }[]
    }

/** Checks a value by a Standard Schema. Throws ARGUMENT_INVALID naming the place and what is wrong there. */
export async function validate<Output>(schema: StandardSchema<Output>, value: unknown, place: string): Promise<Output> {
  const result = await schema['~standard'].validate(value)
  if (result.issues === undefined) return result.value
  const found = result.issues.slice(0, 3).map((issue) => {
    const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
    return `${path === '' ? '' : `\`${path}\` `}${issue.message.toLowerCase()}`
  })
  throw new PaybillError('ARGUMENT_INVALID', `${place}: ${found.join('; ')}`)
}
