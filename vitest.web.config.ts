import { defineConfig } from 'vitest/config';

/** The tests of the page in a real browser; started by test/support/web/run.ts. */
export default defineConfig({
  test: {
    include: ['test/web/**/*.test.ts'],
    globalSetup: ['test/support/web/global-setup.ts'],
    // Each file has a browser, a database server and a service.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A second, the default, is too little where all cores are busy.
    expect: { poll: { timeout: 30_000 } },
  },
});
