import { expect, test } from 'vitest'
import { firstRunExample } from '../docs-code.ts'
import { readPage } from '../markdown.ts'
import { publishedManifest } from '../package.ts'

test('the published package.json points at what is built, types first, and keeps no development part', () => {
  const published = publishedManifest({
    name: 'paybill',
    version: '1.2.3',
    scripts: { test: 'vitest' },
    exports: { './acl': './src/acl/index.ts', './package.json': './package.json' },
    bin: { paybill: './src/cli/main.ts' },
    dependencies: { pg: '8.0.0' },
    devDependencies: { vitest: '5.0.0' },
  })
  expect(published).toEqual({
    name: 'paybill',
    version: '1.2.3',
    files: ['dist', 'ARCHITECTURE.md'],
    exports: { './acl': { types: './dist/acl/index.d.ts', default: './dist/acl/index.js' }, './package.json': './package.json' },
    bin: { paybill: './dist/cli/main.js' },
    dependencies: { pg: '8.0.0' },
  })
  expect(Object.keys(published.exports['./acl'] ?? {})).toEqual(['types', 'default'])
})

const fence = (words: string, code: string) => `\`\`\`${words}\n${code}\n\`\`\`\n`

test('the first example of a page is its first fence that runs, with what continues it and what it prints', () => {
  const page = [
    fence('ts', 'const notThis = 1'),
    fence('ts run', 'const first = 1'),
    'Then:',
    fence('ts continued', 'console.log(first)'),
    fence('text output', '1'),
    fence('ts run', 'console.log(2)'),
    fence('text output', '2'),
  ]
  expect(firstRunExample(readPage('README.md', page.join('\n')))).toEqual({
    code: 'const first = 1\nconsole.log(first)\n',
    output: '1\n',
  })
})

test('a page without an example that runs has none', () => {
  expect(firstRunExample(readPage('README.md', fence('ts', 'const first = 1')))).toBeNull()
})
