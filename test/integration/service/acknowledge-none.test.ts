import { expect, it } from 'vitest';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import type { Scene } from '../../support/service/scene.js';
import { rowServerKinds } from '../../support/service/server-kinds.js';

const CONFIG = { monitor: { acknowledge: 'none', check_interval: 1 } };
const LEFT = /alpha: alarm handled; the row is not changed \(acknowledge = none\)/;

describeOnServers('a user that may only read', rowServerKinds, ({ open }) => {
  async function openScene(): Promise<Scene> {
    const scene = await open('alpha', 'beta');
    const { account, name, query } = scene.database;
    await query(`REVOKE UPDATE (alarma, notes) ON ${name}.STATUS_PROCESS FROM ${account}`);
    return scene;
  }

  it('the process is restarted once, the row stays, and a poll that finds it answers it no more', async () => {
    const { database, fleet, watch } = await openScene();
    const daemon = await watch(CONFIG);
    await database.raise(1);
    await daemon.waitForLine(/alpha: alarm seen/);
    await daemon.waitForLine(LEFT);
    // Beta is kept out of the binlog: whoever sees it has read the table, and with it the row of alpha.
    await database.query('SET sql_log_bin = 0; UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = 2');
    await daemon.waitForLine(/beta: alarm seen \((poll|reconnect)\)/);
    await daemon.waitForLine(/beta: alarm handled/);
    expect(await fleet.restarts('alpha')).toBe(1);
    expect(await database.row(1)).toEqual({ alarma: 1, sound: 0, notes: null });
    expect(daemon.lines().join('\n')).not.toMatch(/cannot write the|denied/);
  });

  it('R11: not after a restart of the service either, until it was taken back and raised anew', async () => {
    const { database, fleet, watch } = await openScene();
    const first = await watch(CONFIG);
    await database.raise(1);
    await first.waitForLine(LEFT);
    await first.stop();
    const second = await watch(CONFIG);
    expect(await fleet.restarts('alpha')).toBe(1);
    await database.lower(1);
    await database.raise(1);
    await second.waitForLine(LEFT);
    expect(await fleet.restarts('alpha')).toBe(2);
  });
});
