import { defineConfig } from 'vitest/config';

/** The service that floats between booted hosts; started by test/support/acceptance/run.ts. Each file boots three hosts. */
export default defineConfig({
  test: {
    include: ['test/floating/**/*.test.ts'],
    setupFiles: ['test/support/acceptance/tell-journal.ts'],
    // Not threads: a host dies with the process that booted it.
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 420_000,
    hookTimeout: 600_000,
  },
});
