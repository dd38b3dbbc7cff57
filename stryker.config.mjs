/** `npm run mutation`: do the tests of the pure parts notice when a line of them is changed? Takes half an hour. */
export default {
  mutate: ['src/domain/**/*.ts', 'src/operators/**/*.ts'],
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutation.config.ts', related: true },
  coverageAnalysis: 'perTest',
  plugins: ['@stryker-mutator/vitest-runner'],
  // A file that is not there: Stryker would rewrite tsconfig.json with an API that TypeScript 7 does not have.
  tsconfigFile: 'none.json',
  // Not in node_modules, where vitest takes no tests from.
  tempDirName: 'coverage/stryker',
  ignorePatterns: ['dist', 'coverage', 'bench', 'demo'],
  reporters: ['clear-text', 'progress-append-only', 'json'],
  jsonReporter: { fileName: 'coverage/mutation.json' },
  clearTextReporter: { logTests: false, reportTests: false },
  // Only what has changed since the last run.
  incremental: true,
  incrementalFile: 'coverage/mutation-incremental.json',
  concurrency: 2,
  // A busy machine must not pass for a mutant that hangs.
  timeoutMS: 20_000,
  thresholds: { high: 95, low: 90, break: 90 },
};
