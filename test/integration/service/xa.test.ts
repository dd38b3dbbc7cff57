import { expect, it } from 'vitest';
import { describeOnDaemon } from '../../support/service/describe-on-servers.js';
import { serverKinds } from '../../support/service/server-kinds.js';

const PROCESSES = ['committed', 'rolled-back', 'one-phase', 'sentinel'];

describeOnDaemon('an XA transaction', serverKinds, { processes: PROCESSES }, ({ scene, daemon }) => {
  it('R3: raises when it is committed, not when it is prepared', async () => {
    await prepare('a', 1);
    await scene.database.raise(4);
    await daemon.cleared('sentinel');
    expect(await scene.fleet.restarts('committed')).toBe(0);
    await scene.database.query("XA COMMIT 'a'");
    await daemon.cleared('committed');
    expect(await scene.fleet.restarts('committed')).toBe(1);
  });

  it('R3: raises nothing when it is rolled back', async () => {
    const from = daemon.lines().length;
    await prepare('b', 2);
    await scene.database.query("XA ROLLBACK 'b'");
    await scene.database.raise(4);
    await daemon.waitForLine(/ sentinel: alarm cleared/, { from });
    expect(await scene.fleet.restarts('rolled-back')).toBe(0);
  });

  it('R4: raises when it is committed in one phase', async () => {
    await scene.database.session(async (connection) => {
      await connection.query("XA START 'c'");
      await connection.query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = 3');
      await connection.query("XA END 'c'");
      await connection.query("XA COMMIT 'c' ONE PHASE");
    });
    await daemon.cleared('one-phase');
    expect(await scene.fleet.restarts('one-phase')).toBe(1);
  });

  async function prepare(xid: string, processId: number): Promise<void> {
    await scene.database.session(async (connection) => {
      await connection.query(`XA START '${xid}'`);
      await connection.query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = ?', [processId]);
      await connection.query(`XA END '${xid}'`);
      await connection.query(`XA PREPARE '${xid}'`);
    });
  }
});
