// A process of its own that starts the embedded database in the folder of its first argument, prints one line of JSON, and
// then waits to be killed, or with `stop` as second argument stops the server and ends.

import { startEmbeddedDatabase } from '../../src/embedded/index.ts'
import { errorLine } from '../../src/lib/errors.ts'

const [folder = '', afterwards] = process.argv.slice(2)
const lines: string[] = []
try {
  const { url, reused, dataFolder, stop } = await startEmbeddedDatabase({ folder, onProgress: (line) => lines.push(line) })
  const outcome = afterwards === 'stop' ? await stop() : null
  console.log(JSON.stringify({ url, reused, dataFolder, lines, outcome }))
  if (afterwards !== 'stop') setInterval(() => {}, 1_000_000)
} catch (error) {
  console.error(errorLine(error))
  process.exitCode = 1
}
