import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findTerraform } from '../../src/terraform/index.ts'

let folder: string

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'paybill-binary-')))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

/** A program that says of itself what a test wants. */
async function program(name: string, script: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o700 })
  return path
}

const saying = (version: string) => `echo '{"terraform_version":"${version}"}'`

test('where no folder of PATH has a terraform, there is none, and no error', async () => {
  expect(await findTerraform({ PATH: join(folder, 'nothing-here') })).toBeNull()
  expect(await findTerraform({})).toBeNull()
})

test('the first terraform on PATH is taken, and the one that PAYBILL_TERRAFORM_BINARY names before it', async () => {
  const onPath = await program('terraform', saying('1.11.0'))
  const named = await program('named', saying('1.12.3'))
  expect(await findTerraform({ PATH: `/none:${folder}` })).toEqual({ path: onPath, version: '1.11.0' })
  expect(await findTerraform({ PATH: folder, PAYBILL_TERRAFORM_BINARY: named })).toEqual({ path: named, version: '1.12.3' })
})

test.each(['0.15.5', '1.10.9', '1.9.0'])('version %s is refused, and 1.11 and newer are not', async (version) => {
  const old = await program('old', saying(version))
  await expect(findTerraform({ PAYBILL_TERRAFORM_BINARY: old })).rejects.toMatchObject({
    code: 'TERRAFORM_UNUSABLE',
    message: expect.stringContaining(version),
  })
  for (const good of ['1.11.0', '1.20.1', '2.0.0'])
    expect(await findTerraform({ PAYBILL_TERRAFORM_BINARY: await program('good', saying(good)) })).toMatchObject({
      version: good,
    })
})

test('a named program that is not there, or is no terraform, is an error and not an absence', async () => {
  for (const path of [join(folder, 'missing'), await program('silent', 'exit 0'), await program('failing', 'exit 1')])
    await expect(findTerraform({ PAYBILL_TERRAFORM_BINARY: path })).rejects.toMatchObject({ code: 'TERRAFORM_UNUSABLE' })
})
