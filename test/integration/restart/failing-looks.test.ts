import type * as childProcess from 'node:child_process';
import { expect, it, vi } from 'vitest';
import { lookAtPaths } from '../../../src/restart/processes/look-at-paths.js';
import { readProcFiles } from '../../../src/restart/processes/read-proc-files.js';

// As where a host has no process or descriptor left: the error comes as an event. The tests could not go on there.
vi.mock('node:child_process', async (load) => {
  const real = await load<typeof childProcess>();
  const spawn = (_file: string, args: readonly string[], options: childProcess.SpawnOptions) =>
    real.spawn('/nowhere/look', args, options);
  return { ...real, spawn };
});

const SELF = [{ pid: process.pid, file: 'cmdline' }] as const;

it.each([
  ['files of /proc', () => readProcFiles(SELF, 100, () => {})],
  ['paths', () => lookAtPaths(['/etc/passwd'])],
] as const)('R33: a look at %s that cannot begin leaves no timer behind', async (_, look) => {
  const before = countTimers();
  await expect(look()).rejects.toThrow(/cannot be run: .*ENOENT/);
  expect(countTimers()).toBe(before);
});

function countTimers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}
