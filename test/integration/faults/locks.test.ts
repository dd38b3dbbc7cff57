import type { Connection } from 'mysql2/promise';
import { expect, it } from 'vitest';
import { untilWriteWaits } from '../../support/faults/connections.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import type { Scene } from '../../support/service/scene.js';
import { rowServerKinds } from '../../support/service/server-kinds.js';

/** Whoever changes a row of STATUS_PROCESS then needs the one row of another table. */
const TALLY = `CREATE TABLE ballast (n INT PRIMARY KEY); CREATE TABLE tally (n INT); INSERT INTO tally VALUES (0);
  CREATE TRIGGER count_changes AFTER UPDATE ON STATUS_PROCESS FOR EACH ROW UPDATE tally SET n = n + 1`;

/** R12: the clear is written when the lock is free, and its process is not restarted again meanwhile. */
describeOnServers('a clear that meets a lock', rowServerKinds, ({ open }) => {
  const openScene = (): Promise<Scene> => open('alpha', 'beta');

  it('R12: LOCK TABLES: the clear waits', async () => {
    const { database, fleet, watch, raiseAndHold } = await openScene();
    const daemon = await watch();
    await raiseAndHold('alpha');
    await database.session(async (other) => {
      await other.query('LOCK TABLES STATUS_PROCESS WRITE');
      await fleet.release('alpha');
      await untilWriteWaits(database);
      await other.query('UNLOCK TABLES');
    });
    await daemon.cleared('alpha');
    expect(await fleet.restarts('alpha')).toBe(1);
    expect(await database.row(1)).toMatchObject({ alarma: 0 });
  });

  it('R8, R12: a long transaction on the row: told once, tried until it is free, and no other process waits', async () => {
    const { database, fleet, watch, raiseAndHold } = await openScene();
    const daemon = await watch({ monitor: { max_parallel_restarts: 1 } });
    await raiseAndHold('alpha');
    await database.session(async (other) => {
      await other.query('BEGIN; SELECT 1 FROM STATUS_PROCESS WHERE process_id = 1 FOR UPDATE');
      await fleet.release('alpha');
      await untilWriteWaits(database);
      await database.raise(2);
      const { index } = await daemon.cleared('beta');
      // Not the lock, nor the clear that waits for it, was in the way.
      expect(daemon.lines().slice(0, index).join('\n')).not.toMatch(/cannot write the/);
      await daemon.waitForLine(/WARNING alpha: cannot write the clear.*Lock wait/);
      await untilWriteWaits(database);
      await other.query('COMMIT');
    });
    await daemon.cleared('alpha');
    expect([await fleet.restarts('alpha'), await fleet.restarts('beta')]).toEqual([1, 1]);
  });

  it('R12: the clear and a raise of the same row cannot deadlock', async () => {
    const { database, fleet, watchCalmly, raiseAndHold } = await openScene();
    const daemon = await watchCalmly();
    await raiseAndHold('alpha');
    await database.session(async (other) => {
      await other.query('BEGIN; SELECT 1 FROM STATUS_PROCESS WHERE process_id = 1 FOR UPDATE');
      await fleet.release('alpha');
      await untilWriteWaits(database);
      for (const alarma of [0, 1])
        await other.query('UPDATE STATUS_PROCESS SET alarma = ? WHERE process_id = 1', [alarma]);
      await other.query('COMMIT');
    });
    await daemon.waitForLine(/alpha: alarm raised again meanwhile: healthy/);
    expect(daemon.lines().join('\n')).not.toMatch(/cannot write the/);
    expect(await fleet.restarts('alpha')).toBe(1);
  });

  it('R12: a deadlock whose victim is our clear: it is written again', async () => {
    const { database, fleet, watch, raiseAndHold } = await openScene();
    await database.query(TALLY);
    const daemon = await watch();
    await raiseAndHold('alpha');
    await database.session(async (other) => {
      await makeHeavy(other);
      await other.query('UPDATE tally SET n = n + 1');
      await fleet.release('alpha');
      // It has the row, and waits for the tally: the list of processes may show either statement, or none.
      await waitFor('the clear that waits for the tally', async () => {
        // Not information_schema.innodb_trx: it is a copy, which is not renewed while it is read every few milliseconds.
        const status = JSON.stringify(await database.query('SHOW ENGINE INNODB STATUS'));
        return status.slice(status.lastIndexOf('LIST OF TRANSACTIONS')).includes('LOCK WAIT');
      });
      await other.query('UPDATE STATUS_PROCESS SET sound = 1 WHERE process_id = 1');
      await daemon.waitForLine(
        /WARNING alpha: cannot write the clear.*the statement was rolled back by a deadlock/,
      );
      await other.query('COMMIT');
    });
    await daemon.cleared('alpha');
    expect(await fleet.restarts('alpha')).toBe(1);
    expect(await database.row(1)).toMatchObject({ alarma: 0, sound: 1 });
  });

  /** The server chooses the transaction with the fewest changes for its victim. */
  async function makeHeavy(other: Connection): Promise<void> {
    await other.query('BEGIN');
    await other.query('INSERT INTO ballast VALUES ?', [Array.from({ length: 500 }, (_, n) => [n])]);
  }
});
