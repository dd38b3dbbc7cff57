import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspace } from '../../test/support/restart/workspace.js';

/** The commands of processes that exist as lines in a file only. */
export interface StormCommands {
  readonly restart: string;
  readonly check: string;
  /** Names in the order of their restarts, once for each. */
  restarted(): Promise<readonly string[]>;
}

/**
 * As cheap as a command can be, so that what is measured is not the command: one shell each, which appends a line, or
 * does nothing. The lines are appended whole, so that none is lost and their order is that of the restarts.
 */
export async function createStormCommands({ path }: Workspace): Promise<StormCommands> {
  const file = join(await mkdtemp(path('storm-')), 'restarted');
  await writeFile(file, '');
  return {
    restart: `echo %s >> ${file}`,
    check: 'exit 0',
    restarted: async () => (await readFile(file, 'utf8')).split('\n').filter((line) => line !== ''),
  };
}
