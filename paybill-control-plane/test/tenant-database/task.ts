// A function of the module run in a process of its own, so that it can be killed at any moment.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

export type Task = {
  /** What the function answered. Throws what it wrote where it failed. */
  answer<T>(): Promise<T>
  /** kill -9, and wait until the process is gone. */
  kill(): Promise<void>
}

/** The functions are called one after the other with the same options, to which the shop's application and secret are added. */
export function spawnTask(functions: string, options: object): Task {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'run-task.ts'), functions, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = text(child.stdout)
  const complaint = text(child.stderr)
  const ended = once(child, 'exit')
  return {
    answer: async <T>() => {
      await ended
      if (child.exitCode !== 0) throw new Error(await complaint)
      return JSON.parse(await output) as T // what the function answered, by JSON
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}
