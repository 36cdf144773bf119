// The other side of task.ts.

import * as tenantDatabase from '../../src/tenant-database/index.ts'
import { application, secret } from './shop.ts'

const [functions = '', options = ''] = process.argv.slice(2)
let answer: unknown
for (const name of functions.split(',')) {
  // The names and options come from a test, which knows what the functions take.
  const run = Reflect.get(tenantDatabase, name) as (options: object) => Promise<unknown>
  answer = await run({ ...(JSON.parse(options) as object), application, secret })
}
console.log(JSON.stringify(answer ?? null))
