import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHealthCheck } from '../../../src/restart/health/health-check.js';
import { snapshotHost } from '../../../src/restart/preview/host-snapshot.js';
import { StartMemory } from '../../../src/restart/start/start-memory.js';
import { rememberRunning } from '../../../src/restart/strategies/remember-running.js';
import { createRestart } from '../../../src/restart/strategies/restart.js';
import { describeWhere, isRoot } from '../../support/conditional-tests.js';
import { describeProcess, isAlive, pidsWith } from '../../support/restart/proc.js';
import { NOBODY } from '../../support/restart/set-uid.js';
import { targetOf } from '../../support/restart/target.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';

const { signal } = new AbortController();
const THEIRS = { uid: NOBODY, gid: NOBODY };

let work: Workspace;
let name: string;
let file: string;
beforeEach(async () => {
  work = await createWorkspace();
  name = work.name();
  file = await work.executable(name);
});
afterEach(() => work.remove());

async function remember(memory: StartMemory): Promise<(number | undefined)[]> {
  await rememberRunning(targetOf(name), memory, snapshotHost(undefined));
  return (memory.get(name) ?? []).map(({ credentials }) => credentials?.uid);
}

async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await waitFor('its end', async () => !(await isAlive(pid)));
}

async function usersOf(): Promise<(string | undefined)[]> {
  const found = await Promise.all((await pidsWith(name)).map(describeProcess));
  return found.map(({ uid }) => uid?.split('\t')[0]).sort();
}

describeWhere(
  'R29: a daemon of root beside a program of a user',
  isRoot ? undefined : 'it takes root',
  () => {
    it('is the one that is meant, also if both ran when the service looked first', async () => {
      const daemon = await work.start(file, ['1001']);
      const theirs = await work.start(file, ['1002'], THEIRS);
      const memory = new StartMemory();
      expect(await remember(memory)).toEqual([0]);
      await kill(daemon.pid);
      expect(await remember(memory)).toEqual([0]);
      const health = createHealthCheck({ systemd: undefined, memory });
      expect(await health(targetOf(name), undefined, { timeoutMs: 30_000 })).toMatchObject({
        healthy: false,
      });

      await createRestart({ systemd: undefined, memory })(targetOf(name), signal);
      expect(await isAlive(theirs.pid)).toBe(true);
      expect(await usersOf()).toEqual(['0', String(NOBODY)]);
    });

    it.each([
      ['as it ran', undefined],
      ['by start_command', '"FILE" 1003 &'],
    ])('is restarted alone, also if nothing is remembered: %s', async (_, startCommand) => {
      const daemon = await work.start(file, ['1001']);
      const theirs = await work.start(file, ['1002'], THEIRS);
      const settings = startCommand ? { startCommand: startCommand.replace('FILE', file) } : {};
      await createRestart({ systemd: undefined })(targetOf(name, settings), signal);
      expect([await isAlive(daemon.pid), await isAlive(theirs.pid)]).toEqual([false, true]);
      expect(await usersOf()).toEqual(['0', String(NOBODY)]);
    });

    it('is the one that is meant, also if it comes later, once it is no command that ends', async () => {
      const memory = new StartMemory();
      await work.start(file, ['1002'], THEIRS);
      expect(await remember(memory)).toEqual([NOBODY]);
      const command = await work.start(file, ['1001']);
      expect((await remember(memory)).sort()).toEqual([0, NOBODY]);
      await kill(command.pid);
      expect(await remember(memory)).toEqual([NOBODY]);

      await work.start(file, ['1001']);
      await remember(memory);
      expect(await remember(memory)).toEqual([0]);
    });
  },
);
