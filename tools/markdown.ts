// Reads of a Markdown page what the docs check looks at: fenced code, anchors, links. Not a renderer: nested lists, HTML
// and the like are plain text here.

export type Page = {
  /** Relative to the root of the repository. */
  readonly path: string
  readonly lineCount: number
  readonly fences: readonly Fence[]
  readonly anchors: ReadonlySet<string>
  readonly links: readonly { readonly target: string; readonly line: number }[]
}

/** `line` is that of the first line of code. ```` ```ts run continued ```` has the language `ts` and two marks. */
export type Fence = {
  readonly language: string
  readonly marks: readonly string[]
  readonly line: number
  readonly code: string
}

export function readPage(path: string, text: string): Page {
  const lines = text.split(/\r?\n/)
  const { fences, prose } = splitFences(lines)
  return { path, lineCount: lines.length, fences, anchors: readAnchors(prose), links: readLinks(prose) }
}

type ProseLine = { readonly text: string; readonly line: number }

function splitFences(lines: readonly string[]): { fences: readonly Fence[]; prose: readonly ProseLine[] } {
  const fences: Fence[] = []
  const prose: ProseLine[] = []
  let open: { indent: number; mark: string; words: readonly string[]; line: number; code: string[] } | null = null
  for (const [index, text] of lines.entries()) {
    if (open === null) {
      const [, indent = '', mark = '', words = ''] = /^( *)(`{3,}|~{3,})([^`]*)$/.exec(text) ?? []
      if (mark === '') prose.push({ text, line: index + 1 })
      else open = { indent: indent.length, mark, words: words.split(/\s+/).filter(Boolean), line: index + 2, code: [] }
    } else if (new RegExp(`^ *${open.mark}${open.mark[0]}*\\s*$`).test(text)) {
      const [language = '', ...marks] = open.words
      fences.push({ language, marks, line: open.line, code: `${open.code.join('\n')}\n` })
      open = null
    } else open.code.push(text.slice(Math.min(open.indent, text.length - text.trimStart().length)))
  }
  return { fences, prose }
}

/** The anchors that GitHub makes of headings, and those given by hand. */
function readAnchors(prose: readonly ProseLine[]): ReadonlySet<string> {
  const anchors = new Set<string>()
  for (const { text } of prose) {
    for (const [, id = ''] of text.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(id)
    const heading = /^#{1,6} +(.*?)[ #]*$/.exec(text)?.[1]
    if (heading === undefined) continue
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const slug = plain.replaceAll(/[^\p{L}\p{N}\p{M}_\- ]/gu, '').replaceAll(' ', '-')
    let anchor = slug
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`
    anchors.add(anchor)
  }
  return anchors
}

function readLinks(prose: readonly ProseLine[]): Page['links'] {
  return prose.flatMap(({ text, line }) => {
    const plain = text.replaceAll(/(`+)[^`].*?\1/g, '')
    const targets = [
      ...[...plain.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)].map(([, target = '']) => target),
      ...[...plain.matchAll(/^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)/g)].map(([, target = '']) => target),
      ...[...plain.matchAll(/<(?:img|a|source)\b[^>]*\b(?:src|href|srcset)="([^"]+)"/g)].map(([, target = '']) => target),
    ]
    return targets.map((target) => ({ target, line }))
  })
}
