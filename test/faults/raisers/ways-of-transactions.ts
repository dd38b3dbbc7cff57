import type { RaiserSession } from './raiser-session.js';
import type { Way } from './ways.js';

/** Ways that take a transaction, or several. */
export const WAYS_OF_TRANSACTIONS: readonly Way[] = [
  {
    name: 'transaction, with another one rolled back',
    weight: 5,
    async run(session, way) {
      await session.undo(
        `${way}: the other one`,
        raise(session.pick('never').id),
        raise(session.target().id),
      );
      await session.transact(way, raise(session.target().id), raise(session.target().id));
    },
  },
  {
    name: 'transaction with a part rolled back',
    weight: 3,
    run: (session, way) =>
      session.transact(
        way,
        raise(session.target().id),
        'SAVEPOINT here',
        raise(session.pick('never').id),
        'ROLLBACK TO SAVEPOINT here',
      ),
  },
  {
    name: 'raised and taken back in one transaction',
    weight: 3,
    run(session, way) {
      const { id } = session.pick('never');
      return session.transact(way, raise(id), lower(id));
    },
  },
  {
    name: 'taken back and raised in one transaction',
    weight: 3,
    run(session, way) {
      const { id } = session.target();
      return session.transact(way, lower(id), raise(id));
    },
  },
  {
    name: 'taken back, raised again at once',
    weight: 5,
    async run(session, way) {
      const { id } = session.target();
      await session.commit(`${way}: back`, lower(id));
      await session.commit(way, raise(id, session.notes()));
    },
  },
  {
    name: 'DELETE and INSERT in one transaction',
    weight: 3,
    run(session, way) {
      const { id } = session.target();
      return session.transact(way, `DELETE FROM STATUS_PROCESS WHERE process_id = ${id}`, insert(id));
    },
  },
  {
    name: 'DELETE, then INSERT',
    weight: 3,
    async run(session, way) {
      const { id } = session.target();
      await session.commit(`${way}: gone`, `DELETE FROM STATUS_PROCESS WHERE process_id = ${id}`);
      await session.commit(way, insert(id));
    },
  },
  {
    name: 'new process with its name in the same transaction',
    weight: 3,
    run(session, way) {
      const { id, name } = session.pick('fresh');
      return session.transact(
        way,
        `DELETE FROM STATUS_PROCESS WHERE process_id = ${id}`,
        `DELETE FROM PROCESE WHERE process_id = ${id}`,
        `INSERT INTO PROCESE VALUES (${id}, '${name}')`,
        insert(id),
      );
    },
  },
  { name: 'XA COMMIT', weight: 2, run: (session, way) => prepared(session, way, 'XA COMMIT') },
  {
    name: 'XA COMMIT ONE PHASE',
    weight: 2,
    async run(session, way) {
      const id = await session.nameNext();
      await session.run(`XA START '${id}'`);
      await session.run(raise(session.target().id));
      await session.run(`XA END '${id}'`);
      await session.around(id, way, `XA COMMIT '${id}' ONE PHASE`);
    },
  },
  {
    name: 'XA ROLLBACK',
    weight: 2,
    async run(session, way) {
      const id = await session.nameNext();
      session.noteUndone(id, way);
      await session.run(`XA START '${id}'`);
      await session.run(raise(session.pick('never').id));
      for (const step of ['END', 'PREPARE', 'ROLLBACK']) await session.run(`XA ${step} '${id}'`);
    },
  },
];

async function prepared(session: RaiserSession, way: string, finish: string): Promise<void> {
  const id = await session.nameNext();
  await session.run(`XA START '${id}'`);
  await session.run(raise(session.target().id));
  for (const step of ['END', 'PREPARE']) await session.run(`XA ${step} '${id}'`);
  await session.around(id, way, `${finish} '${id}'`);
}

function raise(processId: number, notes = ''): string {
  return `UPDATE STATUS_PROCESS SET alarma = 1${notes} WHERE process_id = ${processId}`;
}

function lower(processId: number): string {
  return `UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id = ${processId}`;
}

function insert(processId: number): string {
  return `INSERT INTO STATUS_PROCESS (process_id, alarma) VALUES (${processId}, 1)`;
}
