import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'paybill/test/**/*.test.ts',
      'paybill-control-plane/test/**/*.test.ts',
      'examples/*/test/**/*.test.ts',
      'tools/test/**/*.test.ts',
      'proof/*.test.ts',
    ],
    globalSetup: ['tools/test-database.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores: more workers only wait for each other, and for the one PostgreSQL that all share.
    maxWorkers: 2,
  },
})
