import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,marbles,integration}/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // Most of the integration tests wait most of the time.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
