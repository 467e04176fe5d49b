import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/faults/matrix.test.ts', 'test/faults/transfers.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // A call under a fault is mostly waiting for a time limit.
    maxConcurrency: 6,
    // Some tests hold times and memory, and build machines stall: there, one may try twice.
    retry: process.env['CI'] ? 1 : 0,
    testTimeout: 120_000,
  },
});
