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

it('a layout that was read before an ALTER TABLE does not replace the one that was read after it', async () => {
  const answers: ((rows: unknown) => void)[] = [];
  const connection = {
    query: () => new Promise((resolve) => answers.push((rows) => resolve([rows]))),
  } as unknown as PoolConnection;
  const database = {
    use: <T>(work: (lent: PoolConnection) => Promise<T>) => work(connection),
  } as unknown as Database;
  const table = openAlarmTable(database, { hostId: undefined, isEveryHost: false });

  const [before, after] = [table.readLayout(), table.readLayout()];
  answers[1]?.(columns(200));
  await after;
  answers[0]?.(columns(100));
  await before;
  expect(table.layout?.notes.maxLength).toBe(200);
});
