// `npm run format`: writes every file as oxfmt wants it; `npm run check` only looks.

import { spawnSync } from 'node:child_process'
import { repositoryRoot } from './repository.ts'

const run = spawnSync('oxfmt', process.argv.slice(2), {
  cwd: repositoryRoot,
  stdio: 'inherit',
  shell: process.platform === 'win32',
})
process.exitCode = run.status ?? 1
