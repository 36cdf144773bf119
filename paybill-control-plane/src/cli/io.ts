// What a command has of its surroundings, so that a test can give it others.

export type CliIo = {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Writes one line of what was asked for. */
  readonly out: (line: string) => void
  /** Writes one line for the person in front: errors and notes. */
  readonly err: (line: string) => void
  /** Shows what is being waited for, in the place of what was shown before; null takes it away. */
  readonly progress: (line: string | null) => void
  /** Whether `out` is a terminal that shows colours. */
  readonly isColoured: boolean
  /** How many characters a line of `out` has; null where lines have no end. */
  readonly width: number | null
}

/** The process itself. Colours only on a terminal, and never where NO_COLOR is set. */
export function processIo(): CliIo {
  const { env, stdout, stderr } = process
  const hasNoColour = (env['NO_COLOR'] ?? '') !== ''
  return {
    env,
    out: (line) => void stdout.write(`${line}\n`),
    err: (line) => void stderr.write(`${line}\n`),
    progress: stderr.isTTY ? overwriting(stderr) : eachOnce((line) => void stderr.write(`${line}\n`)),
    isColoured: stdout.isTTY && stdout.hasColors() && !hasNoColour,
    width: widthOf(env['COLUMNS'], stdout),
  }
}

/** COLUMNS, where somebody sets it, else the terminal's own. */
function widthOf(columns: string | undefined, { isTTY, columns: own }: NodeJS.WriteStream): number | null {
  if (/^[1-9]\d{0,3}$/.test(columns ?? '')) return Number(columns)
  return isTTY ? own : null
}

function overwriting(stream: NodeJS.WriteStream): CliIo['progress'] {
  return (line) => void stream.write(`\r\u001B[K${(line ?? '').slice(0, Math.max(stream.columns - 1, 20))}`)
}

/** Where nothing can be overwritten, a line that says what the last one said is left out. */
export function eachOnce(write: (line: string) => void): CliIo['progress'] {
  let last: string | null = null
  return (line) => {
    if (line !== null && line !== last) write(line)
    last = line
  }
}
