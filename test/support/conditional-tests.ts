import { describe, it } from 'vitest';
import { findServerPrograms } from './server-programs.js';

/**
 * Tests of what only MySQL has, skipped where this machine has none: a file of which nothing is left would else fail as
 * one without tests. As everywhere here, the output says what is skipped and why. MySQL is put into their name, by which
 * `.ci/run` finds what is to be run once there is a MySQL.
 */
export function describeOnMysql(what: string, tests: () => void): void {
  const name = `${what}, on MySQL`;
  const isThere = findServerPrograms().mysql !== undefined;
  if (!isThere) tellSkipped(name, 'there is no MySQL here, test/support/fetch-mysql.sh fetches one');
  describe.skipIf(!isThere)(name, tests);
}

export const isRoot = process.getuid?.() === 0;

/** A test that becomes another user. */
export function itAsRoot(name: string, test: () => Promise<void>): void {
  if (!isRoot) tellSkipped(name, 'it takes root');
  it.skipIf(!isRoot)(name, test);
}

function tellSkipped(name: string, why: string): void {
  process.stdout.write(`skipped: ${name}; ${why}\n`);
}

/** Tests that this machine may not be able to make; `why` says so. */
export function describeWhere(name: string, why: string | undefined, tests: () => void): void {
  if (why !== undefined) tellSkipped(name, why);
  describe.skipIf(why !== undefined)(name, tests);
}
