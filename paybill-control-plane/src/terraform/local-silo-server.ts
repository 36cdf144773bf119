// The module of a tenant that has a database server of its own on this machine. What starts and removes the server is a
// program of the caller; Terraform keeps record of it like of anything that it makes in a cloud.
//
// Two resources and not one: Terraform runs no destroy-time provisioner of a resource whose creation failed. The removal
// is a resource of its own that cannot fail and is made first, so a server that was half started is removed too.

import { PaybillError } from 'paybill/lib'
import { Reference } from './configuration.ts'
import type { TerraformModule } from './module.ts'

export type LocalSiloServer = {
  /** The server's id: lower-case letters, digits and hyphens. See `resourceName`. */
  readonly server: string
  /** Handed to the program that starts the server, in `PAYBILL_SERVER_PASSWORD`. Kept nowhere. */
  readonly password: string
}

/** Environment variables that name the two programs. Each is called with the server's id as its only argument, and is safe to repeat. */
export const serverPrograms = { start: 'PAYBILL_SERVER_START', remove: 'PAYBILL_SERVER_REMOVE' } as const

const serverPattern = /^[a-z0-9][a-z0-9-]{0,62}$/

// The server must not inherit what lets Terraform write its state. The id is a word of the shell's environment, which the
// shell does not read again, so nothing in it can become a command.
const call = (program: string) =>
  `unset TF_HTTP_USERNAME TF_HTTP_PASSWORD TF_VAR_password; exec "$${program}" "$PAYBILL_SERVER_ID"`
const shell = ['/bin/sh', '-c']
const serverId = new Reference('self.triggers_replace.id')

export const localSiloServer: TerraformModule<LocalSiloServer> = {
  name: 'local-silo-server',
  configuration: {
    variable: {
      server: { type: 'string', nullable: false },
      password: { type: 'string', nullable: false, sensitive: true, ephemeral: true },
    },
    resource: {
      terraform_data: {
        removal: {
          triggers_replace: { id: new Reference('var.server') },
          provisioner: [
            {
              'local-exec': {
                when: 'destroy',
                command: call(serverPrograms.remove),
                environment: { PAYBILL_SERVER_ID: serverId },
                interpreter: shell,
              },
            },
          ],
        },
        server: {
          depends_on: ['terraform_data.removal'],
          triggers_replace: { id: new Reference('var.server') },
          provisioner: [
            {
              'local-exec': {
                command: call(serverPrograms.start),
                environment: { PAYBILL_SERVER_ID: serverId, PAYBILL_SERVER_PASSWORD: new Reference('var.password') },
                interpreter: shell,
              },
            },
          ],
        },
      },
    },
  },
  lockFile: '',
  adoption: { terraform_data: 'recreate-safe' },
  variables: ({ server, password }) => {
    if (!serverPattern.test(server))
      throw new PaybillError(
        'ARGUMENT_INVALID',
        `server id \`${server.slice(0, 80)}\` is not made of a-z, 0-9 and -, or is too long`,
      )
    return { plain: { server }, sensitive: { password } }
  },
  names: ({ server }) => ({ 'terraform_data.server': server, 'terraform_data.removal': server }),
}
