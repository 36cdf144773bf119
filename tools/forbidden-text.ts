// Text that no file of the repository may hold: it is true on one machine only, or promises work instead of doing it.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from './finding.ts'

type Forbidden = { readonly pattern: RegExp; readonly message: string; readonly isLookedForIn?: (path: string) => boolean }

// What an example reads is somebody else's text: it may say what it likes, as long as it does not name our machines.
const isOurs = (path: string) => !path.includes('/input/')

// Written so that this file does not find itself.
const forbidden: readonly Forbidden[] = [
  { pattern: /\b(?:registry\.(?:npmjs\.org|yarnpkg\.com)|npm\.pkg\.github\.com)\b/, message: 'names a package registry' },
  {
    pattern: /"resolved": "https?:/,
    message: 'names a package registry',
    isLookedForIn: (path) => path.endsWith('package-lock.json'),
  },
  { pattern: /(?:^|[^A-Za-z0-9_.])\/(?:work|farm|root)\//, message: 'names a path that only one machine has' },
  { pattern: /\b(?:TO[D]O|FIX[M]E)\b/, message: 'promises work: do it, or state the limit in the docs', isLookedForIn: isOurs },
]

export function checkForbiddenText(root: string, files: readonly string[]): readonly Finding[] {
  const all = [...forbidden, ...machineRegistry()]
  return files.flatMap((path) => {
    const rules = all.filter(({ isLookedForIn }) => isLookedForIn?.(path) ?? true)
    const text = readFileSync(join(root, path), 'latin1')
    if (text.includes('\0')) return []
    return text
      .split('\n')
      .flatMap((content, index) =>
        rules.flatMap(({ pattern, message }) => (pattern.test(content) ? [{ file: path, line: index + 1, message }] : [])),
      )
  })
}

/** The registry that npm is set to use here, where it is not the public one: npm tells it to the scripts that it runs. */
function machineRegistry(): readonly Forbidden[] {
  const address = process.env['npm_config_registry']
  if (address === undefined || !URL.canParse(address)) return []
  const { host } = new URL(address)
  const isOnlyHere = host.includes('.') || host.includes(':')
  return isOnlyHere ? [{ pattern: new RegExp(host.replaceAll('.', String.raw`\.`)), message: 'names a package registry' }] : []
}
