import { defineConfig } from 'vitest/config';
import { ProjectOrder } from './test/support/project-order.js';

/** They mock modules of Node.js, and look at what is left in their own process. */
const ALONE = 'test/integration/restart/**/*.test.ts';

export default defineConfig({
  test: {
    // They wait most of the time. On two cores six files at once take 5 min, but find each race of a test that a busy machine can lose.
    maxWorkers: 4,
    sequence: { sequencer: ProjectOrder },
    // Generous, like every wait in a test: they say that something never comes, not that it comes late. What a test waits for
    // has a shorter limit, and says what it is.
    testTimeout: 180_000,
    hookTimeout: 300_000,
    // A second, the default, is too little where all cores are busy.
    expect: { poll: { timeout: 60_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          exclude: [ALONE],
          globalSetup: ['test/support/global-setup.ts'],
          // To import everything anew for each file costs half a second of a processor.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'restart',
          include: [ALONE],
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'pure',
          include: ['test/{unit,marbles}/**/*.test.ts'],
          globalSetup: ['test/support/ensure-build.ts'],
          setupFiles: ['test/support/property-seed.ts'],
          // To import everything anew for each of a hundred files takes twice as long as their tests.
          isolate: false,
        },
      },
    ],
  },
});
