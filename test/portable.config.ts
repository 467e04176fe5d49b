import { defineConfig } from 'vitest/config';

/** The tests that pass on every system, Windows included: no POSIX shell, no modes, no absolute paths. */
export default defineConfig({
  test: {
    include: [
      'test/platforms.test.ts',
      'test/path.test.ts',
      'test/foreign-text.test.ts',
      'test/glob/**/*.test.ts',
      'test/threads/**/*.test.ts',
      'test/documents/corpus.test.ts',
      'test/documents/kernel/**/*.test.ts',
      'test/files/edit/**/*.test.ts',
      'test/files/entry/**/*.test.ts',
      'test/files/lines/**/*.test.ts',
      'test/files/local/local-name.test.ts',
      'test/cli/advice.test.ts',
      'test/cli/progress.test.ts',
      'test/tools/advice.test.ts',
    ],
    retry: process.env['CI'] ? 1 : 0,
    testTimeout: 60_000,
  },
});
