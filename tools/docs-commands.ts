// Commands in the documentation: what a page tells its reader to type must exist.

import { posix } from 'node:path'
import type { Finding } from './finding.ts'
import type { Page } from './markdown.ts'

/** What exists: npm scripts, and the commands of our own programs. */
export type KnownCommands = {
  readonly scripts: ReadonlySet<string>
  readonly programs: ReadonlyMap<string, ReadonlySet<string>>
}

/** Where our programs have their commands, with one file each. */
const programFolders: Readonly<Record<string, string>> = {
  paybill: 'paybill/src/cli/',
  paybillctl: 'paybill-control-plane/src/cli/command/',
}

// Commands of the reader's own system, and npm's own besides running scripts.
const ordinary = new Set(['bash', 'cat', 'cd', 'curl', 'export', 'git', 'ls', 'mkdir', 'node'])
const npmWords = new Set(['ci', 'init', 'install', 'pack'])
const npmScriptWords = new Set(['start', 'stop', 'test'])

export function knownCommands(files: readonly string[], scripts: Readonly<Record<string, string>>): KnownCommands {
  const commandsIn = (folder: string) =>
    new Set(files.filter((path) => path.startsWith(folder) && path.endsWith('.ts')).map((path) => posix.basename(path, '.ts')))
  const programs = Object.entries(programFolders).map(([name, folder]) => [name, commandsIn(folder)] as const)
  return { scripts: new Set(Object.keys(scripts)), programs: new Map(programs) }
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
  const commands = known.programs.get(name ?? '')
  if (name !== undefined && commands !== undefined) {
    const command = rest[0] ?? ''
    return command.startsWith('-') || commands.has(command) ? null : `there is no command \`${name} ${command}\``
  }
  return ordinary.has(program) ? null : `\`${program}\` is none of the commands that a page may use (tools/docs-commands.ts)`
}

function npmBreach([word = '', name = '']: readonly string[], known: KnownCommands): string | null {
  if (npmWords.has(word)) return null
  const script = npmScriptWords.has(word) ? word : name
  if (!npmScriptWords.has(word) && word !== 'run') return `\`npm ${word}\` is none of the npm commands that a page may use`
  return known.scripts.has(script) ? null : `there is no npm script \`${script}\``
}
