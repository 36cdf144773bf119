// A module: what Terraform is told to make, the same for every tenant, and how a tenant's input becomes its variables. The
// bytes of a module and of an input are hashed, so that a run can say exactly what it was made from.

import { PaybillError } from 'paybill/lib'
import { hashOf, renderConfiguration, renderValues, type Value } from './configuration.ts'

/**
 * What a run does about a resource that was made and not recorded, because Terraform was killed in between:
 * `recreate-safe` means that making it again gives the one that is there.
 */
export type Adoption = 'recreate-safe'

/** A module that takes an input of one type. */
export type TerraformModule<Input> = {
  readonly name: string
  readonly configuration: {
    readonly variable: { readonly [name: string]: Value }
    readonly resource: { readonly [type: string]: { readonly [name: string]: Value } }
  }
  /** The text of `.terraform.lock.hcl`; empty where Terraform's own `terraform` provider is the only one. */
  readonly lockFile: string
  /** For each type of resource that the configuration has. */
  readonly adoption: Readonly<Record<string, Adoption>>
  /** Throws ARGUMENT_INVALID for an input that must not reach Terraform. */
  readonly variables: (input: Input) => Variables
  /** The name in the outside world of what lies at an address, known before it is made. */
  readonly names: (input: Input) => Readonly<Record<string, string>>
}

/** `sensitive` ones reach Terraform through its environment only, and must be declared `ephemeral`, which no state or plan holds. */
export type Variables = {
  readonly plain: { readonly [name: string]: Value }
  readonly sensitive: Readonly<Record<string, string>>
}

/** What a run gives to Terraform, as bytes, and the hashes of it. */
export type RenderedModule = {
  readonly configuration: string
  readonly variables: string
  readonly lockFile: string
  readonly sensitive: Readonly<Record<string, string>>
  readonly moduleHash: string
  readonly inputHash: string
}

const requiredVersion = '>= 1.11.0'

/** Renders a module for an input. Throws ARGUMENT_INVALID where a type of resource could not be adopted after a kill. */
export function renderModule<Input>(module: TerraformModule<Input>, input: Input): RenderedModule {
  const { variable, resource } = module.configuration
  for (const type of Object.keys(resource))
    if (!Object.hasOwn(module.adoption, type))
      throw new PaybillError(
        'ARGUMENT_INVALID',
        `module \`${module.name}\` does not say how a \`${type}\` is adopted after a kill`,
      )
  const { plain, sensitive } = module.variables(input)
  for (const name of Object.keys(sensitive))
    if (!isEphemeral(variable[name]))
      throw new PaybillError('ARGUMENT_INVALID', `module \`${module.name}\` must declare \`${name}\` as sensitive and ephemeral`)
  const configuration = renderConfiguration({
    resource,
    terraform: { backend: { http: {} }, required_version: requiredVersion },
    variable,
  })
  const variables = renderValues(plain)
  // Without the sensitive ones: a hash of a short secret tells the secret to whoever can guess.
  return {
    configuration,
    variables,
    lockFile: module.lockFile,
    sensitive,
    moduleHash: hashOf(configuration),
    inputHash: hashOf(variables),
  }
}

/** The hash of a run: the same hash twice would do nothing the second time. */
export function runHash(
  rendered: Pick<RenderedModule, 'moduleHash' | 'inputHash' | 'lockFile'>,
  state: { readonly kind: string; readonly serial: number },
): string {
  const { moduleHash, inputHash, lockFile } = rendered
  return hashOf(
    renderValues({ input: inputHash, kind: state.kind, lockFile: hashOf(lockFile), module: moduleHash, serial: state.serial }),
  )
}

function isEphemeral(declared: Value | undefined): boolean {
  if (typeof declared !== 'object' || declared === null) return false
  const { sensitive, ephemeral } = declared as { readonly [key: string]: Value } // a list or a reference has neither
  return sensitive === true && ephemeral === true
}
