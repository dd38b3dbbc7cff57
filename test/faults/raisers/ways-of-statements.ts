import { writeFile } from 'node:fs/promises';
import type { Way } from './ways.js';

/** Ways that are one statement. */
export const WAYS_OF_STATEMENTS: readonly Way[] = [
  {
    name: 'UPDATE',
    weight: 10,
    run: (session, way) =>
      session.commit(
        way,
        `UPDATE STATUS_PROCESS SET alarma = 1${session.notes()} WHERE process_id = ${session.target().id}`,
      ),
  },
  {
    name: 'prepared UPDATE',
    weight: 4,
    async run(session, way) {
      const id = await session.nameNext();
      const raise = 'UPDATE STATUS_PROCESS SET alarma = ?, notes = ? WHERE process_id = ?';
      await session.aroundWork(id, way, () => session.execute(raise, [1, 'prepared', session.target().id]));
    },
  },
  {
    name: 'INSERT … ON DUPLICATE KEY UPDATE',
    weight: 6,
    run: (session, way) =>
      session.commit(
        way,
        `INSERT INTO STATUS_PROCESS (process_id, alarma) VALUES (${session.target().id}, 1)
          ON DUPLICATE KEY UPDATE alarma = 1`,
      ),
  },
  {
    name: 'REPLACE',
    weight: 4,
    run: (session, way) =>
      session.commit(
        way,
        `REPLACE INTO STATUS_PROCESS (process_id, alarma) VALUES (${session.target().id}, 1)`,
      ),
  },
  {
    name: 'UPDATE of several rows',
    weight: 4,
    run: (session, way) =>
      session.commit(
        way,
        `UPDATE STATUS_PROCESS SET alarma = 1${session.notes()}
          WHERE process_id IN (${[1, 2, 3].map(() => session.pick('busy').id).join()}, ${session.target().id})`,
      ),
  },
  {
    name: 'UPDATE of two tables',
    weight: 2,
    run: (session, way) =>
      session.commit(
        way,
        `UPDATE STATUS_PROCESS AS s JOIN PROCESE AS p ON p.process_id = s.process_id
          SET s.alarma = 1 WHERE p.process_name = '${session.target().name}'`,
      ),
  },
  {
    name: 'UPDATE of a view',
    weight: 2,
    run: (session, way) =>
      session.commit(way, `UPDATE ALARMS_SEEN SET alarma = 1 WHERE process_id = ${session.target().id}`),
  },
  {
    name: 'trigger',
    weight: 4,
    run: (session, way) => session.commit(way, `INSERT INTO READINGS VALUES (${session.target().id}, 90)`),
  },
  {
    name: 'stored procedure',
    weight: 3,
    run: (session, way) => session.commit(way, `CALL raise_alarm(${session.target().id})`),
  },
  {
    name: 'stored function',
    weight: 3,
    run: (session, way) => session.commit(way, `SELECT alarm_raised(${session.target().id})`),
  },
  {
    name: 'LOAD DATA',
    weight: 2,
    async run(session, way) {
      const id = await session.nameNext();
      const file = session.path(`load-${id}.tsv`);
      await writeFile(file, `${session.pick('busy').id}\t1\n${session.target().id}\t1\n`);
      await session.around(
        id,
        way,
        `LOAD DATA INFILE '${file}' REPLACE INTO TABLE STATUS_PROCESS (process_id, alarma)`,
      );
    },
  },
  {
    name: 'alarm taken back',
    weight: 3,
    run: (session, way) =>
      session.commit(
        way,
        `UPDATE STATUS_PROCESS SET alarma = 0${session.notes()} WHERE process_id = ${session.target().id}`,
      ),
  },
  {
    name: 'change of sound alone',
    weight: 3,
    run: (session, way) =>
      session.commit(
        way,
        `UPDATE STATUS_PROCESS SET sound = 1 - sound, notes = 'heard' WHERE process_id IN
          (${session.target().id}, ${session.pick('never').id})`,
      ),
  },
];
