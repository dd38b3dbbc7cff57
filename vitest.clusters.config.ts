import { defineConfig } from 'vitest/config';

/**
 * The tests on clusters of real servers, which leave a member out that stands still for seconds: one file at a time, and not
 * beside anything else.
 */
export default defineConfig({
  test: {
    include: ['test/clusters/**/*.test.ts', 'test/integration/**/galera.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    maxWorkers: 1,
    testTimeout: 180_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
