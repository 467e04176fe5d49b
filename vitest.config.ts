import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // Every tool under every fault: `npm run test:faults`.
    exclude: [...configDefaults.exclude, 'test/faults/matrix.test.ts', 'test/faults/transfers.test.ts'],
    // Some tests hold times and memory, and build machines stall: there, one may try twice.
    retry: process.env['CI'] ? 1 : 0,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Two cores are the smallest machine the suite is meant for.
    maxWorkers: 2,
  },
});
