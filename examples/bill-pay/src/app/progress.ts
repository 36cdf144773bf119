// One line that is written over itself on a terminal, and at most once a second elsewhere.

import type { WriteStream } from 'node:tty'

export type ProgressLine = { show(text: string): void; end(): void }

export function progressLine(stream: NodeJS.WriteStream | WriteStream): ProgressLine {
  let last = ''
  let shownAt = 0
  return {
    show: (text) => {
      last = text
      if (stream.isTTY) stream.write(`\r\x1b[2K${text}`)
      else if (performance.now() - shownAt > 1000) {
        shownAt = performance.now()
        stream.write(`${text}\n`)
      }
    },
    end: () => {
      if (last === '') return
      stream.write(stream.isTTY ? `\r\x1b[2K${last}\n` : `${last}\n`)
    },
  }
}
