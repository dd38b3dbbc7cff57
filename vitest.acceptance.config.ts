import { defineConfig } from 'vitest/config';

/** The tests on a booted host; started by test/support/acceptance/run.ts. Each file boots a host of its own. */
export default defineConfig({
  test: {
    include: ['test/acceptance/**/*.test.ts'],
    setupFiles: ['test/support/acceptance/tell-journal.ts'],
    // Not threads: a host dies with the process that booted it.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 420_000,
    hookTimeout: 600_000,
    // As every wait of a test: it says that something never comes, not that it comes late.
    expect: { poll: { timeout: 60_000 } },
  },
});
