import { readFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { EMPTY_STATE, formatState, parseState } from '../../../src/state/saved-state.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { rowServerKinds } from '../../support/service/server-kinds.js';

const [WEB, DB] = [1, 2] as const;

describeOnServers('restart_with', rowServerKinds, ({ open }) => {
  it('R35: a verified restart restarts the followers, once, in their order, and whoever is held back not at all', async () => {
    const { database, fleet, watchCalmly, run } = await open('web', 'db', 'app', 'cron');
    const daemon = await watchCalmly({
      'process.web': { restart_with: 'db', after: 'db' },
      'process.app': { restart_with: 'web, db', after: 'web' },
      'process.cron': { restart_with: 'db' },
      'process.db': {},
    });
    await run('pause', 'cron');
    // web and db together: its own cycle, which waits for db, is the restart that follows.
    await database.query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id IN (?, ?)', [WEB, DB]);
    await daemon.waitForLine(/app: verified healthy/);
    await daemon.waitForLine(/web: alarm cleared/);
    await daemon.waitForLine(/cron: not restarted, paused by/);
    await daemon.waitForLine(/app: to be restarted: (db|web) was restarted \(restart_with\)/);
    expect((await fleet.journal()).filter(({ what }) => what === 'begin').map(({ name }) => name)).toEqual([
      'db',
      'web',
      'app',
    ]);
    expect((await run('history', 'app')).stdout).toMatch(/restart-with +restarted/);
    expect((await run('check', '--dry-run', 'db')).stdout).toContain(
      'restarts web, app, cron as well (restart_with)',
    );
    expect((await run('check', '--dry-run', 'app')).stdout).toContain(
      'is restarted with web, db (restart_with)',
    );
  });

  it('R35: nor is it lost where the alarm was cleared, and the file has no more than the restart', async () => {
    const { database, fleet, path, watch } = await open('web', 'db');
    const state = {
      ...EMPTY_STATE,
      unproven: new Map([[DB, Date.now() - 60_000]]),
      names: new Map([[DB, 'db']]),
    };
    await writeFile(path('state.json'), formatState(state), { mode: 0o600 });
    const daemon = await watch({ 'process.web': { restart_with: 'db' }, 'process.db': {} });
    await daemon.waitForLine(/web: verified healthy/);
    await expect.poll(() => savedFollowers(path('state.json'))).toEqual([]);
    expect([await fleet.restarts('web'), await fleet.restarts('db')]).toEqual([1, 0]);
    expect((await database.row(WEB)).alarma).toBe(0);
  });

  it('R35: a service that is killed after the verification restarts the follower when it starts again', async () => {
    const { database, fleet, path, watch, watchCalmly } = await open('web', 'db', 'busy');
    const config = {
      monitor: { max_parallel_restarts: 1 },
      'process.web': { restart_with: 'db' },
      'process.db': {},
    };
    let daemon = await watchCalmly(config);
    await fleet.hold('db');
    await fleet.hold('busy');
    await database.raise('db');
    await fleet.begun('db');
    await database.raise('busy');
    await daemon.waitForLine(/busy: alarm seen/);
    // busy takes the only place before web can.
    await fleet.release('db');
    await daemon.waitForLine(/db: alarm cleared/);
    await daemon.waitForLine(/web: to be restarted: db was restarted/);
    await expect.poll(() => savedFollowers(path('state.json'))).toEqual(['web']);
    daemon.signal('SIGKILL');
    await daemon.stop();
    expect(await fleet.restarts('web')).toBe(0);

    await fleet.release('busy');
    daemon = await watch(config);
    await daemon.waitForLine(/web: verified healthy/);
    await expect.poll(() => savedFollowers(path('state.json'))).toEqual([]);
    expect([await fleet.restarts('web'), await fleet.restarts('db')]).toEqual([1, 1]);
  });
});

async function savedFollowers(file: string): Promise<readonly string[]> {
  return parseState(await readFile(file, 'utf8')).state.owed.map(({ processName }) => processName);
}
