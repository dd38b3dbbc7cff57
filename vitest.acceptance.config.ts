import { defineConfig } from 'vitest/config';

/** The tests on a booted host; started by test/support/acceptance/run.ts. Each file boots a host of its own. */
export default defineConfig({
  test: {
    include: ['test/acceptance/**/*.test.ts'],
    setupFiles: ['test/support/acceptance/tell-journal.ts'],
    // Not threads: a host dies with the process that booted it.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 300_000,
    // A second, the default, is too little where all cores are busy.
    expect: { poll: { timeout: 30_000 } },
  },
});
