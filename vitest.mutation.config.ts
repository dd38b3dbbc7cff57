import { defineConfig } from 'vitest/config';

/** What `npm run mutation` runs against each mutant: the tests of the pure parts, in virtual time, without the random ones. */
export default defineConfig({
  test: {
    include: ['test/unit/{domain,service,state}/**/*.test.ts', 'test/marbles/**/*.test.ts'],
    exclude: ['**/*.property.test.ts'],
    // As in the other runs: the first run of all tests must not fail on a busy machine.
    testTimeout: 60_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
