import { describe } from 'vitest';
import { findServerPrograms } from './server-programs.js';

/**
 * Tests of what only MySQL has. Where this machine has no MySQL they are skipped, and the output says so: a file of
 * which nothing is left would else fail as one without tests.
 */
export function describeOnMysql(name: string, tests: () => void): void {
  const isThere = findServerPrograms().mysql !== undefined;
  if (!isThere)
    process.stdout.write(`skipped, no MySQL here, test/support/fetch-mysql.sh fetches one: ${name}\n`);
  describe.skipIf(!isThere)(name, tests);
}
