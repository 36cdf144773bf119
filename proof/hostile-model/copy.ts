// A copy of the product with one guard taken out, made by replacing text that must be there exactly once. The product has
// no switch for any of this. A replacement that no longer applies is an error: a mutant nobody makes proves nothing.

import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { repositoryRoot } from '../../tools/repository.ts'

/** One change of one file of the repository. */
export type Edit = { readonly file: string; readonly from: string; readonly to: string }

// What attacks load. All else, such as node_modules, is found in the repository around the copy.
const copied = [
  'paybill/package.json',
  'paybill/src',
  'paybill/test/run/desk.ts',
  'paybill/test/run/outside.ts',
  'paybill/test/invoke/door.ts',
  'examples/bill-pay/package.json',
  'examples/bill-pay/src',
  'proof/hostile-model',
]

/** Where copies lie: inside the repository, so that its dependencies are found, and ignored by git. */
export const copiesFolder = join(repositoryRoot, '.paybill', 'hostile-model')

/** Makes the copy in a folder below `copiesFolder`. Throws where an edit does not apply exactly once. */
export async function copyWith(root: string, edits: readonly Edit[]): Promise<string> {
  await rm(root, { recursive: true, force: true })
  for (const path of copied) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await cp(join(repositoryRoot, path), join(root, path), { recursive: true })
  }
  // `paybill/run` and its like must mean the copy.
  await mkdir(join(root, 'node_modules'))
  await symlink(join(root, 'paybill'), join(root, 'node_modules', 'paybill'), 'dir')
  for (const { file, from, to } of edits) {
    const path = join(root, file)
    const text = await readFile(path, 'utf8')
    const found = text.split(from).length - 1
    if (found !== 1)
      throw new Error(`a mutant no longer applies: its text is ${found} times in ${file}, and must be there once:\n${from}`)
    await writeFile(
      path,
      text.replace(from, () => to),
    )
  }
  return root
}
