// What an endpoint is: a row of the route table, out of which the server answers and the OpenAPI document is made. Each lies
// in a file of its own in endpoint/.

import type { ErrorCode } from 'paybill/lib'
import type { z } from 'zod'
import type { Alongside, ControlPlane } from '../control-plane/control-plane.ts'
import { readForm, readPath } from './read-form.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

type Shape = Readonly<Record<string, z.ZodType>>
type Values<S extends Shape> = { readonly [K in keyof S]: z.output<S[K]> }

/** What is said of every endpoint. Paths have their parameters in braces, as OpenAPI has them. */
type Described<Path extends Shape, Query extends Shape> = {
  /** A name for programs, such as `tenantShow`. */
  readonly name: string
  readonly method: Method
  readonly path: string
  readonly summary: string
  readonly pathForms: Path
  readonly queryForms: Query
  /** What it refuses, beyond what every endpoint does. */
  readonly refusals: readonly ErrorCode[]
}

type Answered<Form extends z.ZodType> = {
  readonly status: 200 | 201 | 202
  readonly form: Form
  readonly is: string
  /** Answers carry an ETag and this `cache-control`; without it nothing is kept anywhere. */
  readonly cacheControl?: string
}

/** Who asks, and what of. */
export type Caller = { readonly plane: ControlPlane; readonly by: string }

/** A request as it came: nothing of it is known yet. */
export type RawRequest = { readonly path: unknown; readonly query: unknown; readonly body: unknown }

export type Endpoint = Described<Shape, Shape> & {
  readonly answer: Answered<z.ZodType>
  readonly body: z.ZodType | null
  readonly work: Work
}

export type Work =
  /** For everybody, with or without a key. */
  | { readonly kind: 'open'; readonly show: (site: { readonly document: object }) => unknown }
  | { readonly kind: 'read'; readonly read: (caller: Caller, raw: RawRequest) => Promise<unknown> }
  | {
      readonly kind: 'change'
      readonly needsKey: boolean
      /** Reads the request whole before anything is done; throws ARGUMENT_INVALID naming the place. */
      readonly prepare: (raw: RawRequest) => Change
    }

/** A change that a request asks for. */
export type Change = {
  /** What is asked for, for the fingerprint of the request. */
  readonly asked: object
  readonly make: (caller: Caller, alongside: Alongside | undefined) => Promise<unknown>
  /** The answer where it was made already, by the id of what was changed. */
  readonly again: (caller: Caller, effect: string) => Promise<unknown>
  /** Where what was made can be found. */
  readonly location: (answer: unknown) => string | null
}

/** An endpoint that anybody may ask. */
export function openEndpoint<Form extends z.ZodType<object>>(
  declared: Omit<Described<Shape, Shape>, 'method' | 'pathForms' | 'queryForms' | 'refusals'> & {
    readonly answer: Answered<Form>
    readonly show: (site: { readonly document: object }) => z.output<Form>
  },
): Endpoint {
  const { show, ...described } = declared
  return { ...described, method: 'GET', pathForms: {}, queryForms: {}, refusals: [], body: null, work: { kind: 'open', show } }
}

/** An endpoint that changes nothing. */
export function readEndpoint<const Path extends Shape, const Query extends Shape, Form extends z.ZodType<object>>(
  declared: Omit<Described<Path, Query>, 'method'> & {
    readonly answer: Answered<Form>
    readonly read: (
      request: Caller & { readonly path: Values<Path>; readonly query: Values<Query> },
    ) => Promise<ReadonlyDeep<z.output<Form>>>
  },
): Endpoint {
  const { read, ...described } = declared
  return {
    ...described,
    method: 'GET',
    body: null,
    work: {
      kind: 'read',
      read: (caller, raw) => {
        const path = readPath(declared.pathForms, raw.path)
        return read({ ...caller, path, query: readForm('query', declared.queryForms, raw.query) })
      },
    },
  }
}

/** An endpoint that changes something. It takes effect once for each Idempotency-Key. */
export function changeEndpoint<const Path extends Shape, Body extends z.ZodType<object> | null, Form extends z.ZodType<object>>(
  declared: Omit<Described<Path, Shape>, 'queryForms'> & {
    readonly answer: Answered<Form>
    readonly body: Body
    readonly needsKey?: boolean
    readonly location?: (answer: ReadonlyDeep<z.output<Form>>) => string
    readonly make: (
      request: Caller & {
        readonly path: Values<Path>
        readonly body: Body extends z.ZodType ? z.output<Body> : null
        readonly alongside: Alongside | undefined
      },
    ) => Promise<ReadonlyDeep<z.output<Form>>>
    readonly again: (
      request: Caller & { readonly path: Values<Path>; readonly effect: string },
    ) => Promise<ReadonlyDeep<z.output<Form>>>
  },
): Endpoint {
  const { make, again, location, needsKey = false, ...described } = declared
  return {
    ...described,
    queryForms: {},
    work: {
      kind: 'change',
      needsKey,
      prepare: (raw) => {
        const path = readPath(declared.pathForms, raw.path)
        readForm('query', {}, raw.query)
        const body = readForm('body', declared.body, raw.body)
        return {
          asked: { path, body },
          make: (caller, alongside) => make({ ...caller, path, body, alongside }),
          again: (caller, effect) => again({ ...caller, path, effect }),
          // It is what `make` or `again` gave a moment before.
          location: (answer) => location?.(answer as ReadonlyDeep<z.output<Form>>) ?? null,
        }
      },
    },
  }
}

/** Views of the control plane are read-only throughout; forms do not say so. */
type ReadonlyDeep<T> = T extends readonly (infer Item)[]
  ? readonly ReadonlyDeep<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: ReadonlyDeep<T[K]> }
    : T
