// The API as a process that kills itself in the middle of a sign-up: `node dying-server.ts DATABASE_URL ORGANIZATION before|after`.
// Before or after the change is committed; in both cases nobody is answered. Its first line says where it listens.

import { openDatabase } from 'paybill/database'
import { controlRules } from '../../src/control-database/rules.ts'
import { controlSchema } from '../../src/control-database/schema.ts'
import { createApiKeys } from '../../src/http/api-key-store.ts'
import { createApi } from '../../src/http/api.ts'
import { createIdempotency } from '../../src/http/idempotency.ts'
import { listenApi } from '../../src/http/listen.ts'
import { planeOf } from '../control-plane/plane-of.ts'
import { cellWorld } from '../operation/cell-world.ts'

const [url = '', organization = '', when] = process.argv.slice(2)
const database = await openDatabase({ url, schema: controlSchema, rules: controlRules, maxConnections: 5 })
const { plane, principal } = planeOf({ organization, database, world: cellWorld({}) })
const now = (): Date => new Date()
const die = (): never => {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('a killed process goes no further')
}
const api = createApi({
  plane: {
    ...plane,
    signUp: async (by, order, alongside) => {
      await plane.signUp(by, order, async (tables, id) => {
        await alongside?.(tables, id)
        if (when === 'before') die()
      })
      return die()
    },
  },
  keys: createApiKeys({ organization, database, principal, now }),
  idempotency: createIdempotency({ organization, database, now }),
  onError: (error) => console.error(error),
})
console.log(await listenApi(api, { port: 0 }))
