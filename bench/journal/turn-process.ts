// The process of one turn: `turn-process.ts SYSTEM SERVER_URL DATABASE`. Sends the speed to who started it.

import { measure } from './measure.ts'
import { systemNames, systems } from './systems.ts'

const [name, serverUrl, database] = process.argv.slice(2)
const known = systemNames.find((system) => system === name)
if (known === undefined || serverUrl === undefined || database === undefined)
  throw new Error(`a turn names one of ${systemNames.join(', ')}, a server and a database`)

// A killed bench must not leave its turns behind.
process.on('disconnect', () => process.exit(1))
const system = await systems[known].open({ serverUrl, database })
const speed = await measure(system)
await system.close()
await new Promise((resolve) => process.send?.(speed, resolve))
// Whatever timers a system leaves behind, its turn is over.
process.exit(0)
