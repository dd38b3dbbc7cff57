import type { PoolConnection } from 'mysql2/promise';
import { expect, it } from 'vitest';
import type { Database } from '../../../../src/db/connection/database.js';
import { openAlarmTable } from '../../../../src/db/tables/alarm-table.js';

/** The columns of both tables, with so much room for notes. */
function columns(maxLength: number) {
  const column = (tableName: string, name: string, type: string) => ({
    ...{ schemaName: 'monitor', tableName, name, type },
    ...{ fullType: type, maxLength: type === 'varchar' ? maxLength : null },
  });
  return [
    column('PROCESE', 'process_id', 'int'),
    column('PROCESE', 'process_name', 'varchar'),
    column('STATUS_PROCESS', 'process_id', 'int'),
    column('STATUS_PROCESS', 'alarma', 'tinyint'),
    column('STATUS_PROCESS', 'notes', 'varchar'),
  ];
}

/** A table on a server that answers each question when it is told so. */
function openSlowTable() {
  const answers: ((rows: unknown) => void)[] = [];
  const connection = {
    query: () => new Promise((resolve) => answers.push((rows) => resolve([rows]))),
  } as unknown as PoolConnection;
  const database = {
    use: <T>(work: (lent: PoolConnection) => Promise<T>) => work(connection),
  } as unknown as Database;
  return { table: openAlarmTable(database, { hostId: undefined, isEveryHost: false }), answers };
}

async function asked(answers: readonly unknown[], times: number): Promise<void> {
  await expect.poll(() => answers.length).toBe(times);
}

it('a layout that was read before an ALTER TABLE does not replace the one that was read after it', async () => {
  const { table, answers } = openSlowTable();

  const [before, after] = [table.readLayout(), table.readLayout()];
  answers[1]?.(columns(200));
  await after;
  answers[0]?.(columns(100));
  await before;
  expect(table.layout?.notes.maxLength).toBe(200);
});

it('a layout that statements read at the same time is current with the first answer, and the next one reads none', async () => {
  const { table, answers } = openSlowTable();
  const first = table.countStanding();
  void table.countStanding();
  answers[0]?.(columns(100));
  await asked(answers, 3);
  answers[2]?.([{ count: 7 }]);
  expect(await first).toBe(7);
  const next = table.countStanding();
  await asked(answers, 4);
  answers[3]?.([{ count: 8 }]);
  expect(await next).toBe(8);
});

it('an answer that was asked for before an ALTER TABLE does not make it current', async () => {
  const { table, answers } = openSlowTable();
  const before = table.countStanding();
  void table.readLayout();
  answers[0]?.(columns(100));
  await asked(answers, 3);
  answers[2]?.([{ count: 7 }]);
  await before;
  const next = table.countStanding();
  await asked(answers, 4);
  answers[3]?.(columns(200));
  await asked(answers, 5);
  answers[4]?.([{ count: 8 }]);
  expect(await next).toBe(8);
  expect(table.layout?.notes.maxLength).toBe(200);
});
