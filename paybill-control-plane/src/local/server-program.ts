// What Terraform calls to start and to remove the server of a silo tenant: `server-program.ts start|remove ID`. Safe to
// repeat; what it starts outlives it. Where and for which operation stands in its environment.

import { siloDestroy, siloServerStart } from '../tenant-database/index.ts'
import { ownNameOf, programEnvironment } from './server-run.ts'

const [what, id = ''] = process.argv.slice(2)
const { folder, operation, connectionLimit } = programEnvironment(process.env)
const name = ownNameOf(id)
if (what === 'start') await siloServerStart({ folder, name, operation, connectionLimit })
else if (what === 'remove') await siloDestroy({ folder, name })
else throw new Error('server-program.ts start|remove ID')
