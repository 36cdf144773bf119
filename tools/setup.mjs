// Makes a fresh clone ready to run, on any machine with Node 20 or newer: installs the dependencies that the lock file
// names and finds the Node that the project is pinned to. Plain JavaScript with built-in modules only, for it runs
// before anything is installed, on the machine's own Node.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const requiredNodeMajor = 24

/**
 * Installs what the lock file of the folder names, unless the last install was for the same lock file, system and
 * processor. The folder is the repository, or bench/, which has dependencies of its own.
 */
export function setup(folder = root) {
  const stampFile = join(folder, 'node_modules', '.paybill-setup')
  const lock = readFileSync(join(folder, 'package-lock.json'))
  const stamp = createHash('sha256').update(lock).update(process.platform).update(process.arch).digest('hex')
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return
  process.stderr.write('installing dependencies (once; about 15 seconds) …\n')
  const started = Date.now()
  // `npm install`, not `npm ci`: a registry may lack packages of other platforms, which `npm ci` takes for a broken lock
  // file. `--no-save` leaves the lock file alone; `--ignore-scripts` runs no code of any dependency.
  const words = ['install', '--no-save', '--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund']
  const npm = process.env.npm_execpath
  const installed =
    npm !== undefined && npm.endsWith('.js')
      ? spawnSync(process.execPath, [npm, ...words], { cwd: folder, stdio: ['ignore', 2, 2] })
      : spawnSync('npm', words, { cwd: folder, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  if (installed.status !== 0) {
    process.stderr.write(
      'SETUP_FAILED: `npm install` did not finish; read its message above, mend it and run the command again\n',
    )
    process.exit(1)
  }
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, stamp)
  process.stderr.write(`installed in ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
}

/** The path of a Node of the required version: the pinned one of this platform, else the one that runs this, if it is new enough. */
export function pinnedNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const pinned = join(root, 'node_modules', `node-${platform}-${process.arch}`, 'bin', name)
  if (existsSync(pinned)) return pinned
  if (Number(process.versions.node.split('.')[0]) >= requiredNodeMajor) return process.execPath
  process.stderr.write(
    `NODE_TOO_OLD: this is Node ${process.versions.node}, and npm has no pinned Node for ${platform}-${process.arch}; install Node ${requiredNodeMajor} or newer and run the command again\n`,
  )
  return process.exit(1)
}
