// Every npm script of the repository goes through here: set up, then run one TypeScript file on the pinned Node.
// A launcher instead of npm's pre-hooks, because a machine that sets `ignore-scripts` skips hooks but not this.

import { spawn } from 'node:child_process'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pinnedNode, setup } from './setup.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [file, ...words] = process.argv.slice(2)
setup()
const node = pinnedNode()
const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
const child = spawn(node, [join(root, file), ...words], { stdio: 'inherit', env: { ...process.env, PATH: path } })
// Ctrl-C reaches the whole process group by itself; a signal sent to this process alone is handed on.
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
process.on('SIGINT', () => {})
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code)
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
})
