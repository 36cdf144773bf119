// What starting a program as a process of its own promises.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { startProcess } from '../../src/process-start.ts'
import { bankFile, newLedgerFile, startBank } from './bank-process.ts'

test('a started process answers at its address until it is stopped, and stopping twice is harmless', async () => {
  const bank = await startBank(newLedgerFile())
  expect((await fetch(`${bank.url}/counts`)).status).toBe(200)
  await bank.stop()
  await bank.stop()
  await expect(fetch(`${bank.url}/counts`)).rejects.toThrow('fetch failed')
  expect(isAlive(bank.processId)).toBe(false)
})

test('a process that ends at once is a typed error with what it wrote last', async () => {
  const started = startProcess(bankFile, ['--file', newLedgerFile(), '--port', 'eighty'])
  await expect(started).rejects.toMatchObject({
    code: 'PROCESS_START_FAILED',
    message: expect.stringMatching(/ended with code 1 .* ARGUMENT_INVALID: `--port` is `eighty`/),
  })
})

test('a port that is taken is said in one line', async () => {
  const first = await startBank(newLedgerFile())
  const { port } = new URL(first.url)
  await expect(startBank(newLedgerFile(), ['--port', port])).rejects.toMatchObject({
    message: expect.stringMatching(new RegExp(`PORT_TAKEN: port \`${port}\` cannot be listened on`)),
  })
})

test('a process that prints something else than its address is stopped', async () => {
  const file = join(dirname(newLedgerFile()), 'chatty.ts')
  writeFileSync(file, `console.log('hello'); console.error(process.pid); setInterval(() => undefined, 1000)`)
  const failure: unknown = await startProcess(file, []).catch((error: unknown) => error)
  expect(failure).toMatchObject({ code: 'PROCESS_START_FAILED', message: expect.stringMatching(/printed `hello`/) })
  const [, processId] = /it wrote: (\d+)/.exec(String(failure)) ?? []
  expect(isAlive(Number(processId))).toBe(false)
})

test('a process that ignores the request to end is ended', async () => {
  const file = join(dirname(newLedgerFile()), 'stubborn.ts')
  writeFileSync(
    file,
    `process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000)
     console.log('{"listening":"http://127.0.0.1:1"}')`,
  )
  const stubborn = await startProcess(file, [])
  await stubborn.stop()
  expect(isAlive(stubborn.processId)).toBe(false)
})

test('a started process does not outlive a starter that was killed with kill -9, so that the file is free again', async () => {
  const ledgerFile = newLedgerFile()
  const starterFile = join(dirname(ledgerFile), 'starter.ts')
  const startModule = pathToFileURL(new URL('../../src/process-start.ts', import.meta.url).pathname).href
  writeFileSync(
    starterFile,
    `import { startProcess } from ${JSON.stringify(startModule)}
     const bank = await startProcess(${JSON.stringify(bankFile)}, ['--file', ${JSON.stringify(ledgerFile)}, '--port', '0'])
     console.log(bank.processId)`,
  )
  const starter = spawn(process.execPath, [starterFile], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [printed] = await once(starter.stdout.setEncoding('utf8'), 'data')
  starter.kill('SIGKILL')
  await expect.poll(() => isAlive(Number(printed)), { timeout: 5_000 }).toBe(false)
  await startBank(ledgerFile)
})

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0)
  } catch {
    return false
  }
}
