import type { Connection } from 'mysql2/promise';
import type { Random } from '../random.js';
import { createTriggers, recordGone } from '../scene/history.js';
import type { Lab } from '../scene/lab.js';
import { MEMBERS } from '../scene/members.js';
import type { Injection } from './injection.js';
import { last } from './last.js';

/** What happens to the table of the alarms. */
export const TABLE_FAULTS: readonly Injection[] = [
  {
    name: 'LOCK TABLES',
    weight: 3,
    cutsOff: true,
    inject: (lab, random) =>
      lab.asRoot(async (root) => {
        await root.query(`LOCK TABLES STATUS_PROCESS ${random.pick(['READ', 'WRITE'])}`);
        await last(lab, random, 100, 1500);
        await root.query('UNLOCK TABLES');
      }),
  },
  {
    name: 'long transaction on rows',
    weight: 3,
    inject: (lab, random) =>
      lab.asRoot(async (root) => {
        await root.query('START TRANSACTION');
        const ids = [1, 2, 3, 4, 5, 6].map(() => random.pick(MEMBERS).id);
        await root.query('SELECT * FROM STATUS_PROCESS WHERE process_id IN (?) FOR UPDATE', [ids]);
        await last(lab, random, 100, random.chance(0.2) ? 6000 : 1500);
        await root.query('ROLLBACK');
      }),
  },
  {
    name: 'ALTER TABLE: column added first, dropped',
    weight: 3,
    // While it waits for a transaction nobody can read the table either.
    cutsOff: true,
    inject: (lab, random) =>
      lab.asRoot(async (root) => {
        await root.query('ALTER TABLE STATUS_PROCESS ADD COLUMN extra INT NOT NULL DEFAULT 7 FIRST');
        await last(lab, random, 0, 800);
        await root.query('ALTER TABLE STATUS_PROCESS DROP COLUMN extra');
      }),
  },
  {
    name: 'ALTER TABLE: column moved, rebuilt',
    weight: 2,
    cutsOff: true,
    inject: ({ asRoot }, random) =>
      asRoot(async (root) => {
        const place = random.pick(['FIRST', 'AFTER alarma', 'AFTER process_id']);
        await root.query(`ALTER TABLE STATUS_PROCESS MODIFY COLUMN notes VARCHAR(100) ${place}`);
        await root.query('ALTER TABLE STATUS_PROCESS ENGINE = InnoDB');
      }),
  },
  {
    name: 'RENAME TABLE and back',
    weight: 2,
    cutsOff: true,
    inject: (lab, random) =>
      lab.asRoot(async (root) => {
        await root.query('RENAME TABLE STATUS_PROCESS TO STATUS_ELSEWHERE');
        await last(lab, random, 0, 800);
        await root.query('RENAME TABLE STATUS_ELSEWHERE TO STATUS_PROCESS');
      }),
  },
  {
    name: 'TRUNCATE, rows inserted again',
    weight: 1,
    inject: (lab, random) =>
      lab.traffic.hold(() =>
        lab.asRoot(async (root) => {
          const gone = await nameNext(lab, root);
          await lab.commits.around(gone, 'TRUNCATE', () => root.query('TRUNCATE TABLE STATUS_PROCESS'));
          await recordGone(root);
          await last(lab, random, 0, 300);
          const back = await nameNext(lab, root);
          await lab.commits.around(back, 'INSERT after TRUNCATE', () =>
            insertAll(root, 'STATUS_PROCESS', random),
          );
        }),
      ),
  },
  {
    name: 'DROP, made again, alarms come by RENAME',
    weight: 1,
    inject: (lab, random) =>
      lab.traffic.hold(() =>
        lab.asRoot(async (root) => {
          const gone = await nameNext(lab, root);
          await lab.commits.around(gone, 'DROP', () => root.query('DROP TABLE STATUS_PROCESS'));
          await recordGone(root);
          await last(lab, random, 0, 300);
          await root.query(NEW_TABLE);
          await createTriggers(root, 'STATUS_NEW', lab.kind);
          const back = await nameNext(lab, root);
          await insertAll(root, 'STATUS_NEW', random);
          // The rows are alarms as soon as their table has the name.
          await lab.commits.around(back, 'RENAME of a table with alarms', () =>
            root.query('RENAME TABLE STATUS_NEW TO STATUS_PROCESS'),
          );
        }),
      ),
  },
  {
    name: 'password rotated',
    weight: 2,
    cutsOff: true,
    async inject(lab, random) {
      const password = `rotated_${random.whole(1, 1e9)}`;
      await lab.asRoot((root) =>
        root.query(`ALTER USER ${lab.database.account} IDENTIFIED BY '${password}'`),
      );
      await last(lab, random, 0, 1000);
      lab.setPassword(password);
      await lab.keeper.reload();
    },
  },
];

const NEW_TABLE = `CREATE TABLE STATUS_NEW (
  process_id INT PRIMARY KEY, alarma TINYINT NOT NULL DEFAULT 0, sound TINYINT NOT NULL DEFAULT 0,
  notes VARCHAR(100), KEY alarma (alarma), FOREIGN KEY (process_id) REFERENCES PROCESE(process_id))`;

async function nameNext({ commits }: Lab, root: Connection): Promise<string> {
  const id = commits.nextId();
  await root.query('SET @commit_id = ?', [id]);
  return id;
}

/** Some of the rows come in alarm. */
async function insertAll(root: Connection, table: string, random: Random): Promise<void> {
  const rows = MEMBERS.filter(({ role }) => role !== 'fresh').map(({ id, role }) => [
    id,
    role !== 'never' && random.chance(0.2) ? 1 : 0,
  ]);
  await root.query(`INSERT INTO ${table} (process_id, alarma) VALUES ?`, [rows]);
}
