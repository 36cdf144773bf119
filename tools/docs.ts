// The docs check: what the documentation shows works, what it names exists, what it links to is there.

import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { checkDocsCode } from './docs-code.ts'
import { checkCommands, knownCommands } from './docs-commands.ts'
import type { Finding } from './finding.ts'
import { generatedPages } from './generated-docs.ts'
import { type Page, readPage } from './markdown.ts'
import { readManifest } from './repository.ts'

const languages = new Set(['ts', 'sh', 'json', 'sql', 'text', 'mermaid'])

/** Every fault of the pages among the given files, whose paths are relative to `root`. */
export async function checkDocs(root: string, files: readonly string[]): Promise<readonly Finding[]> {
  const pages = files
    .filter((path) => path.endsWith('.md') && !path.includes('/input/'))
    .map((path) => readPage(path, readFileSync(join(root, path), 'utf8')))
  const known = knownCommands(files, readManifest(join(root, 'package.json')).scripts ?? {})
  return [
    ...pages.flatMap(checkFences),
    ...pages.flatMap((page) => checkCommands(page, known)),
    ...checkLinks(pages, files),
    ...(await checkDocsCode(root, pages)),
  ]
}

/** Generated pages that are not what the code says. */
export function checkGenerated(root: string): readonly Finding[] {
  return generatedPages
    .filter(({ path, render }) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== render())
    .map(({ path }) => ({ file: path, line: 1, message: 'is not what the code says: `npm run check -- --write` makes it anew' }))
}

export async function writeGenerated(root: string): Promise<void> {
  for (const { path, render } of generatedPages) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), render())
  }
}

function checkFences(page: Page): readonly Finding[] {
  return page.fences.flatMap(({ language, line, code }) => {
    if (!languages.has(language))
      return [
        { file: page.path, line, message: `\`${language}\` is none of the languages of a page: ${[...languages].join(', ')}` },
      ]
    if (language !== 'json') return []
    try {
      JSON.parse(code)
      return []
    } catch (error) {
      return [{ file: page.path, line, message: `does not parse: ${error instanceof Error ? error.message : String(error)}` }]
    }
  })
}

function checkLinks(pages: readonly Page[], files: readonly string[]): readonly Finding[] {
  const byPath = new Map(pages.map((page) => [page.path, page]))
  const isThere = (path: string) => path === '.' || files.some((file) => file === path || file.startsWith(`${path}/`))
  return pages.flatMap((page) =>
    page.links.flatMap(({ target, line }) => {
      if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return []
      const [to = '', anchor] = decodeURIComponent(target).split('#')
      const path = to === '' ? page.path : posix.join(posix.dirname(page.path), to).replace(/\/$/, '')
      if (to.startsWith('/') || !isThere(path))
        return [{ file: page.path, line, message: `links to \`${target}\`, which is not there` }]
      const anchors = byPath.get(path)?.anchors
      if (anchor === undefined || anchors === undefined || anchors.has(anchor)) return []
      return [{ file: page.path, line, message: `links to \`${target}\`, but \`${path}\` has no such heading` }]
    }),
  )
}
