// Commands in the documentation: what a page tells its reader to type must exist.

import { posix } from 'node:path'
import type { Finding } from './finding.ts'
import type { Page } from './markdown.ts'

/** What exists: npm scripts, and commands of `paybill` with one file each in paybill/src/cli. */
export type KnownCommands = { readonly scripts: ReadonlySet<string>; readonly paybill: ReadonlySet<string> }

// Commands of the reader's own system, and npm's own besides running scripts.
const ordinary = new Set(['bash', 'cat', 'cd', 'curl', 'export', 'git', 'ls', 'mkdir', 'node'])
const npmWords = new Set(['ci', 'init', 'install', 'pack'])
const npmScriptWords = new Set(['start', 'stop', 'test'])

export function knownCommands(files: readonly string[], scripts: Readonly<Record<string, string>>): KnownCommands {
  const commands = files.filter((path) => path.startsWith('paybill/src/cli/') && path.endsWith('.ts'))
  return { scripts: new Set(Object.keys(scripts)), paybill: new Set(commands.map((path) => posix.basename(path, '.ts'))) }
}

export function checkCommands(page: Page, known: KnownCommands): readonly Finding[] {
  return page.fences
    .filter(({ language }) => language === 'sh')
    .flatMap(({ code, line }) =>
      code.split('\n').flatMap((text, index) =>
        commandsOf(text).flatMap((words) => {
          const message = breach(words, known)
          return message === null ? [] : [{ file: page.path, line: line + index, message }]
        }),
      ),
    )
}

/** The commands of one line, each as its words: without prompt, comment, and variables set in front. */
function commandsOf(text: string): readonly (readonly string[])[] {
  const plain = text.replace(/^\s*\$ /, '').replace(/(^|\s)#.*$/, '')
  return plain.split(/&&|\|\||[|;]/).flatMap((command) => {
    const words = command.trim().split(/\s+/).filter(Boolean)
    const first = words.findIndex((word) => !/^[A-Z_]+=/.test(word))
    return first === -1 ? [] : [words.slice(first)]
  })
}

/** What is wrong with a command; null if nothing. */
function breach([program = '', ...words]: readonly string[], known: KnownCommands): string | null {
  if (program === 'npm') return npmBreach(words, known)
  const [name, ...rest] = program === 'npx' ? words : [program, ...words]
  if (name === 'paybill') {
    const command = rest[0] ?? ''
    return command.startsWith('-') || known.paybill.has(command) ? null : `there is no command \`paybill ${command}\``
  }
  return ordinary.has(program) ? null : `\`${program}\` is none of the commands that a page may use (tools/docs-commands.ts)`
}

function npmBreach([word = '', name = '']: readonly string[], known: KnownCommands): string | null {
  if (npmWords.has(word)) return null
  const script = npmScriptWords.has(word) ? word : name
  if (!npmScriptWords.has(word) && word !== 'run') return `\`npm ${word}\` is none of the npm commands that a page may use`
  return known.scripts.has(script) ? null : `there is no npm script \`${script}\``
}
