import { expect, it } from 'vitest';
import { describeOnDaemon } from '../../support/service/describe-on-servers.js';
import { serverKinds } from '../../support/service/server-kinds.js';

const PROCESSES = ['rolled-back', 'kept', 'sentinel'];
const RAISE = (processId: number): string =>
  `UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = ${processId}`;
/** What makes the server write rows to its binlog that were rolled back: MariaDB does, MySQL does not. */
const WAYS = [
  [
    'to a savepoint, in a transaction that wrote to a table without transactions',
    `INSERT INTO told VALUES (1); SAVEPOINT half; ${RAISE(1)}; ROLLBACK TO half; ${RAISE(2)}; COMMIT`,
  ],
  [
    'to a savepoint, after a temporary table was made',
    `SAVEPOINT half; CREATE TEMPORARY TABLE IF NOT EXISTS of_savepoint (id INT); ${RAISE(1)}; ROLLBACK TO half;
      ${RAISE(2)}; COMMIT`,
  ],
  [
    'as a whole, with a temporary table that it made',
    `CREATE TEMPORARY TABLE IF NOT EXISTS of_transaction (id INT); ${RAISE(1)}; ROLLBACK; ${RAISE(2)}`,
  ],
] as const;

describeOnDaemon(
  'a transaction that is rolled back',
  serverKinds,
  {
    processes: PROCESSES,
    prepare: ({ database }) => database.query('CREATE TABLE told (id INT) ENGINE = MyISAM'),
  },
  ({ scene, daemon }) => {
    it.each(WAYS)('R3: raises nothing, and what follows it counts: %s', async (_, statements) => {
      const from = daemon.lines().length;
      await scene.database.query(`START TRANSACTION; ${statements}`);
      await daemon.waitForLine(/ kept: alarm cleared/, { from });
      await scene.database.raise('sentinel');
      await daemon.waitForLine(/ sentinel: alarm cleared/, { from });
      expect(await scene.fleet.restarts('rolled-back')).toBe(0);
      expect(
        daemon
          .lines()
          .slice(from)
          .filter((line) => line.includes('rolled-back')),
      ).toEqual([]);
    });
  },
);
