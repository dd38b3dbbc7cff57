import { defineConfig } from 'vitest/config';

/** The tests of the page in a real browser; started by test/support/web/run.ts. */
export default defineConfig({
  test: {
    include: ['test/web/**/*.test.ts'],
    globalSetup: ['test/support/web/global-setup.ts'],
    // Each file has a browser, a database server and a service.
    maxWorkers: 2,
    testTimeout: 360_000,
    hookTimeout: 180_000,
    // As every wait of a test: it says that something never comes, not that it comes late.
    expect: { poll: { timeout: 60_000 } },
  },
});
