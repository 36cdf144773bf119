// The fake model passes what a real provider must pass.

import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { modelName } from '../../src/fake-model/server.ts'
import { startProcess, type StartedProcess } from '../../src/process-start.ts'
import { modelCases } from './conformance.ts'

const modelFile = fileURLToPath(new URL('../../src/fake-model/main.ts', import.meta.url))

describe('the fake model, like any provider:', () => {
  let model: StartedProcess
  beforeAll(async () => {
    model = await startProcess(modelFile, ['--port', '0', '--key', 'a-key'])
  })
  afterAll(() => model.stop())

  test.each(modelCases)('$name', async ({ run }) => {
    await expect(run({ baseUrl: model.url, model: modelName, key: 'a-key' })).resolves.toBeUndefined()
  })
})
