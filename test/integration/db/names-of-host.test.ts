import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { KnownNames } from '../../../src/db/binlog/names/known-names.js';
import { NameReader } from '../../../src/db/binlog/names/name-reader.js';
import type { TableLayout } from '../../../src/db/tables/table-layout.js';
import { runSqlFile } from '../../support/database/sql-file.js';
import { type PrivateServer, startPrivateServer } from '../../support/private-server.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { serverFlavours } from '../../support/server-programs.js';

const DATABASE = 'v_process_monitor';
const HOUR = 3_600_000;

/** In a fleet the names of other hosts' processes are most of the table. */
describe.each(serverFlavours())('the names that a host reads, %s', (flavour) => {
  let server: PrivateServer;
  let connection: Connection;
  beforeAll(async () => {
    server = await startPrivateServer({ flavour });
    await runSqlFile(server, 'setup.sql');
    await runSqlFile(server, 'fleet.sql');
    connection = await server.connect({ database: DATABASE, multipleStatements: true });
    await connection.query(
      `INSERT INTO PROCESE (process_id, process_name) VALUES (1, 'own'), (2, 'of another'), (3, 'of nobody'), (4, 'own too');
      INSERT INTO STATUS_PROCESS (process_id, host_id) VALUES (1, 'web01'), (2, 'web02'), (3, NULL), (4, 'WEB01');
      ALTER TABLE PROCESE ADD COLUMN host_id VARCHAR(64);
      UPDATE PROCESE JOIN STATUS_PROCESS AS s USING (process_id) SET PROCESE.host_id = s.host_id`,
    );
  });
  afterAll(async () => {
    await connection?.end();
    await server?.stop();
  });

  it.each(['status', 'process'] as const)(
    'R36: are those of its own processes: the column is in %s',
    async (hostIdIn) => {
      expect(await read({ hostId: 'web01', hostIdIn })).toEqual(['own', undefined, undefined, 'own too']);
    },
  );

  it('R36: are all of them where it does the work of every host', async () => {
    expect(await read({ hostId: undefined, hostIdIn: 'status' })).toEqual([
      'own',
      'of another',
      'of nobody',
      'own too',
    ]);
  });

  async function read({
    hostId,
    hostIdIn,
  }: {
    hostId: string | undefined;
    hostIdIn: TableLayout['hostIdIn'];
  }) {
    const now = () => performance.now();
    // No change has been so recent that a reading may not see it.
    const names = new KnownNames(now() - HOUR);
    const reader = new NameReader({
      source: { use: (work) => work(connection), noteProgress: async () => () => true },
      layout: {
        ...{
          schema: DATABASE,
          statusTable: 'STATUS_PROCESS',
          processTable: 'PROCESE',
          hasSound: true,
          hostIdIn,
        },
        notes: { maxLength: 100 },
      },
      ...{ hostId, names, now, everyMs: () => HOUR },
    });
    onTestFinished(() => reader.end());
    reader.start();
    await waitFor('the names', () => names.size > 0);
    return [1, 2, 3, 4].map((processId) => names.get(processId));
  }
});
