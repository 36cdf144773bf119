// Broken copies of the readers. A copy is made of the modules that the readers import, with one text in one file replaced; a
// text that is not there exactly once is an error, so that no mutant goes stale.

import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Readers, readersOf } from '../../paybill/test/acl/readers.ts'
import { repositoryRoot } from '../../tools/repository.ts'
import type { Mutant } from './mutants.ts'

/** The folders of `paybill/src` that the readers are made of; they import nothing else. */
const folders = ['acl', 'label', 'lib', 'schema']

export class MutantCopies {
  readonly #folder: string
  #made = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  async readersOf(mutant: Mutant): Promise<Readers> {
    this.#made += 1
    const copy = join(this.#folder, String(this.#made))
    for (const folder of folders) cpSync(join(repositoryRoot, 'paybill', 'src', folder), join(copy, folder), { recursive: true })
    const path = join(copy, 'acl', mutant.file)
    const parts = readFileSync(path, 'utf8').split(mutant.from)
    if (parts.length !== 2)
      throw new Error(`mutant \`${mutant.name}\`: \`${mutant.file}\` has \`${mutant.from}\` ${parts.length - 1} times, not once`)
    writeFileSync(path, parts.join(mutant.to))
    return readersOf(copy)
  }
}
