import { expect, it } from 'vitest';
import { PAGE_ROWS } from '../../../src/db/tables/select-standing.js';
import { waitFor } from '../../support/restart/wait-for.js';
import type { AlarmDatabase } from '../../support/service/alarm-database.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { fillTable } from '../../support/service/fill-table.js';
import type { Fleet } from '../../support/service/fleet.js';
import { rowServerKinds, serverKinds } from '../../support/service/server-kinds.js';

/** The row of web comes first, so that nothing but the order holds it back. */
const PROCESSES = ['web', 'db'] as const;
const [WEB, DB] = [1, 2] as const;

describeOnServers('order of restarts, rows', rowServerKinds, ({ open }) => {
  it('R35: after: alarms of one transaction, in either order of its rows', async () => {
    const { database, fleet, watchCalmly } = await open(...PROCESSES);
    const daemon = await watchCalmly({ 'process.web': { after: 'db' }, 'process.db': {} });
    for (const rows of [
      [WEB, DB],
      [DB, WEB],
    ]) {
      const from = daemon.lines().length;
      const before = (await fleet.journal()).length;
      // A raise that comes before the last cycle has ended gets a health check first.
      for (const name of PROCESSES) await fleet.fallIll(name, 1);
      await raiseTogether(database, rows);
      await daemon.waitForLine(/web: alarm cleared/, { from });
      expect(await restartsSince(fleet, before)).toEqual(['begin db', 'end db', 'begin web', 'end web']);
      const lines = daemon.lines().slice(from);
      const indexOf = (text: RegExp): number => lines.findIndex((line) => text.test(line));
      expect(indexOf(/db: verified healthy/)).toBeLessThan(indexOf(/web: restarted by/));
      expect(indexOf(/web: waits for db$/)).toBeLessThan(indexOf(/db: verified healthy/));
      await daemon.waitForLine(/db: alarm cleared/, { from });
    }
  });
});

describeOnServers('order of restarts, pages', rowServerKinds, ({ openWith }) => {
  it('R35: after: alarms of one reading of several pages, with the first process on the last page', async () => {
    const { database, fleet, watch } = await openWith({});
    const rows = PAGE_ROWS + 100;
    await fillTable(database, rows);
    await database.query(
      `UPDATE PROCESE SET process_name = 'web' WHERE process_id = 1;
      UPDATE PROCESE SET process_name = 'db' WHERE process_id = ${rows};
      UPDATE STATUS_PROCESS SET alarma = 1`,
    );
    const others = Array.from({ length: rows }, (_, index) => `p${index + 1}`);
    const daemon = await watch({
      monitor: { exclude: others.join(', ') },
      'process.web': { after: 'db' },
      'process.db': {},
    });
    await daemon.waitForLine(/web: alarm cleared/);
    expect(await restartsSince(fleet, 0)).toEqual(['begin db', 'end db', 'begin web', 'end web']);
  });
});

describeOnServers('order of restarts', serverKinds, ({ open }) => {
  it('R35: after: alarms that a reading finds; requires: waits while db fails, and says so', async () => {
    const { database, fleet, watch, run, status } = await open(...PROCESSES, 'app');
    await fleet.breakRestart('db');
    await raiseTogether(database, [WEB, DB, 3]);
    const daemon = await watch({
      'process.web': { requires: 'db' },
      'process.app': { after: 'db' },
      'process.db': { max_attempts: 1 },
    });
    await daemon.waitForLine(/web: waits for db \(its last cycle failed\)$/);
    await daemon.waitForLine(/app: alarm cleared/);
    expect(await restartsSince(fleet, 0)).toEqual(['begin db', 'end db', 'begin app', 'end app']);

    // That of app waits for its clear to come back.
    const report = await waitFor('the end of the other cycles', async () => {
      const now = await status();
      return now.cycles.length === 1 && now;
    });
    expect(report.cycles).toEqual([
      expect.objectContaining({
        processName: 'web',
        step: 'waiting',
        waitsFor: [{ processName: 'db', reason: 'its last cycle failed' }],
      }),
    ]);
    expect((await run('status')).stdout).toMatch(/web +for .* waits for db \(its last cycle failed\)/);
    expect((await run('check', '--dry-run', 'web')).stdout).toMatch(
      /order +goes after db \(requires\), if their alarms are raised too\n +would wait for db\n/,
    );
    expect((await run('check')).stdout).toContain('would wait for db');

    await fleet.repair('db');
    expect(await run('restart', 'db')).toMatchObject({ code: 0 });
    await daemon.waitForLine(/web: alarm cleared/);
    expect((await restartsSince(fleet, 4)).at(-1)).toBe('end web');
    expect((await database.row(WEB)).alarma).toBe(0);
  });
});

async function raiseTogether(database: AlarmDatabase, rows: readonly number[]): Promise<void> {
  await database.session(async (connection) => {
    await connection.beginTransaction();
    for (const id of rows)
      await connection.query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = ?', [id]);
    await connection.commit();
  });
}

async function restartsSince(fleet: Fleet, entry: number): Promise<readonly string[]> {
  return (await fleet.journal())
    .slice(entry)
    .filter(({ what }) => what !== 'check')
    .map(({ what, name }) => `${what} ${name}`);
}
