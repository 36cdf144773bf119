// What a command has of its surroundings, so that a test can give it others.

export type CliIo = {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Writes one line of what was asked for. */
  readonly out: (line: string) => void
  /** Writes one line for the person in front: errors and notes. */
  readonly err: (line: string) => void
  /** Whether `out` is a terminal that shows colours. */
  readonly isColoured: boolean
}

/** The process itself. Colours only on a terminal, and never where NO_COLOR is set. */
export function processIo(): CliIo {
  const { env, stdout, stderr } = process
  return {
    env,
    out: (line) => void stdout.write(`${line}\n`),
    err: (line) => void stderr.write(`${line}\n`),
    isColoured: stdout.isTTY && stdout.hasColors() && (env['NO_COLOR'] ?? '') === '',
  }
}
