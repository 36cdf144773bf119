// Tables for a terminal: aligned, no wider than it, coloured only where colours are shown, and with nothing in them that a
// stranger could use to move the cursor or hide a word.

import { styleText } from 'node:util'
import { visible } from 'paybill/lib'
import type { CliIo } from './io.ts'

export type Style = Parameters<typeof styleText>[0]

export type Column = {
  readonly title: string
  /** Never cut, as an id that somebody copies. */
  readonly isWhole?: boolean
  readonly isNumber?: boolean
}

/** A cell: text as it is, whoever wrote it, and how it is shown. */
export type Cell = { readonly text: string; readonly style?: Style }

const gap = 2
const leastWidth = 6

/** Writes a heading and rows, each column as wide as its widest cell, and cut where the terminal is narrower. */
export function printTable(io: CliIo, columns: readonly Column[], rows: readonly (readonly Cell[])[]): void {
  const body = rows.map((row) => row.map((cell) => ({ ...cell, text: visible(cell.text) })))
  const natural = columns.map(({ title }, index) => Math.max(title.length, ...body.map((row) => row[index]?.text.length ?? 0)))
  const widths = io.width === null ? natural : narrowed(natural, columns, io.width)
  const write = (cells: readonly Cell[]): void => {
    const padded = cells.map(({ text, style }, index) => {
      const width = widths[index] ?? 0
      const shown = cut(text, width)
      const aligned = columns[index]?.isNumber === true ? shown.padStart(width) : shown.padEnd(width)
      return style === undefined ? aligned : paint(io, style, aligned)
    })
    io.out(padded.join(' '.repeat(gap)).trimEnd())
  }
  write(columns.map(({ title }) => ({ text: title, style: 'dim' })))
  for (const row of body) write(row)
}

/** Takes from the widest column that may be cut, one character at a time, until it fits or nothing more can be taken. */
function narrowed(natural: readonly number[], columns: readonly Column[], width: number): readonly number[] {
  const widths = [...natural]
  const total = (): number => widths.reduce((sum, each) => sum + each, gap * (widths.length - 1))
  while (total() > width) {
    const widest = columns.reduce<number | null>((found, { isWhole }, index) => {
      const size = widths[index] ?? 0
      if (isWhole === true || size <= leastWidth) return found
      return found === null || size > (widths[found] ?? 0) ? index : found
    }, null)
    if (widest === null) break
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return widths
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`
}

/** Writes names and values, one pair a line. */
export function printFields(io: CliIo, fields: readonly (readonly [name: string, value: Cell])[]): void {
  const width = Math.max(...fields.map(([name]) => name.length))
  for (const [name, { text, style }] of fields) {
    const shown = visible(text)
    io.out(`${paint(io, 'dim', name.padEnd(width))}  ${style === undefined ? shown : paint(io, style, shown)}`)
  }
}

/** The text in a style, on a terminal that shows colours. */
function paint(io: CliIo, style: Style, text: string): string {
  return io.isColoured ? styleText(style, text, { validateStream: false }) : text
}
