import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../src/db/connection/database.js';
import { openAlarmTable } from '../../../src/db/tables/alarm-table.js';
import { DEFAULT_CONFIG } from '../../support/default-config.js';
import { type PrivateServer, startPrivateServer } from '../../support/private-server.js';
import { createAlarmDatabase } from '../../support/service/alarm-database.js';
import { rowServerKinds } from '../../support/service/server-kinds.js';

describe.each(rowServerKinds())('the processes of a name, $name', ({ options }) => {
  let server: PrivateServer;

  beforeAll(async () => {
    server = await startPrivateServer(options);
  });
  afterAll(() => server?.stop());

  async function find(
    tables: string,
    rows: string,
    hostId: string | undefined,
    ...names: readonly string[]
  ): Promise<number[][]> {
    const alarms = await createAlarmDatabase(server, { tables, grants: false });
    onTestFinished(() => alarms.drop());
    await alarms.query(rows);
    const database = openDatabase({
      ...DEFAULT_CONFIG.database,
      host: server.host,
      port: server.port,
      user: 'root',
      password: server.rootPassword,
      database: alarms.name,
      sslMode: 'disabled',
    });
    onTestFinished(() => database.close());
    const table = openAlarmTable(database, { hostId, isEveryHost: false });
    const found = await Promise.all(names.map((name) => table.findProcesses(name)));
    return found.map((processes) => processes.map(({ processId }) => processId));
  }

  const STATUS =
    'CREATE TABLE STATUS_PROCESS (process_id INT PRIMARY KEY, alarma TINYINT, notes VARCHAR(100)';
  const PROCESE = 'CREATE TABLE PROCESE (process_id INT PRIMARY KEY, process_name VARCHAR(100)';
  const ROWS = `INSERT INTO PROCESE (process_id, process_name) VALUES (1, 'alpha'), (2, 'ALPHA'), (3, 'Beta')`;

  it('are found as the column compares, exact matches alone if there are any', async () => {
    const hostile = "' OR 1=1 -- ";
    expect(
      await find(`${STATUS}); ${PROCESE})`, ROWS, undefined, 'alpha', 'Alpha', 'beta', 'gamma', hostile),
    ).toEqual([[1], [1, 2], [3], [], []]);
  });

  it('are those of this host, be the column in PROCESE or in STATUS_PROCESS', async () => {
    const inProcese = `${ROWS}; UPDATE PROCESE SET host_id = IF(process_id = 1, 'a', 'b')`;
    expect(
      await find(`${STATUS}); ${PROCESE}, host_id VARCHAR(20))`, inProcese, 'b', 'alpha', 'beta'),
    ).toEqual([[2], [3]]);
    const inStatus = `${ROWS}; INSERT INTO STATUS_PROCESS (process_id, host_id) VALUES (1, 'a'), (2, 'b'), (3, 'a')`;
    expect(
      await find(`${STATUS}, host_id VARCHAR(20)); ${PROCESE})`, inStatus, 'b', 'alpha', 'beta'),
    ).toEqual([[2], []]);
  });
});
