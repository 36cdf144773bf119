// Tables for a terminal: aligned, coloured only where colours are shown, and with nothing in them that a stranger could
// use to move the cursor or hide a word.

import { styleText } from 'node:util'
import { visible } from '../lib/visible.ts'
import type { CliIo } from './io.ts'

export type Style = Parameters<typeof styleText>[0]

/** A cell: text as it is, whoever wrote it, and how it is shown. */
export type Cell = { readonly text: string; readonly style?: Style; readonly isNumber?: boolean }

/** Writes a heading and rows, each column as wide as its widest cell. */
export function printTable(io: CliIo, heading: readonly string[], rows: readonly (readonly Cell[])[]): void {
  const body = rows.map((row) => row.map((cell) => ({ ...cell, text: visible(cell.text) })))
  const widths = heading.map((title, column) => Math.max(title.length, ...body.map((row) => row[column]?.text.length ?? 0)))
  const write = (cells: readonly Cell[]): void => {
    const padded = cells.map((cell, column) => {
      const width = widths[column] ?? 0
      const text = cell.isNumber === true ? cell.text.padStart(width) : cell.text.padEnd(width)
      return cell.style === undefined ? text : paint(io, cell.style, text)
    })
    io.out(padded.join('  ').trimEnd())
  }
  write(heading.map((text, column) => ({ text, style: 'dim', isNumber: rows[0]?.[column]?.isNumber === true })))
  for (const row of body) write(row)
}

/** The text in a style, on a terminal that shows colours. */
export function paint(io: CliIo, style: Style, text: string): string {
  return io.isColoured ? styleText(style, text, { validateStream: false }) : text
}
