import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/faults/matrix.test.ts'],
    // A call under a fault is mostly waiting for a time limit.
    maxConcurrency: 6,
    testTimeout: 120_000,
  },
});
