import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { describeWhere } from '../../support/conditional-tests.js';
import { runSqlFile } from '../../support/database/sql-file.js';
import { type PrivateServer, startPrivateServer } from '../../support/private-server.js';
import { serverFlavours } from '../../support/server-programs.js';

/** As the original documentation prints them, on a server where somebody added a column. */
const OLDER_LAYOUT = `
  CREATE DATABASE v_process_monitor;
  USE v_process_monitor;
  CREATE TABLE PROCESE (process_id INT PRIMARY KEY, process_name VARCHAR(100) NOT NULL);
  CREATE TABLE STATUS_PROCESS (process_id INT PRIMARY KEY, alarma TINYINT NOT NULL DEFAULT 0,
    sound TINYINT NOT NULL DEFAULT 0, notes VARCHAR(100), host_id VARCHAR(20),
    FOREIGN KEY (process_id) REFERENCES PROCESE(process_id));
  INSERT INTO PROCESE VALUES (1, 'mine'), (9, 'other');
  INSERT INTO STATUS_PROCESS VALUES (1, 1, 1, 'standing', 'h1'), (9, 0, 0, NULL, NULL)`;

describe.each(serverFlavours())('SQL files on %s', (flavour) => {
  let server: PrivateServer;
  let root: Connection;

  beforeAll(async () => {
    server = await startPrivateServer({ flavour });
    root = await server.connect({ multipleStatements: true });
  });
  afterAll(async () => {
    await root.end();
    await server.stop();
  });
  beforeEach(async () => {
    await root.query('DROP DATABASE IF EXISTS v_process_monitor');
  });

  it('setup.sql makes both tables and one index on alarma, however often it is run', async () => {
    await runSqlFile(server, 'setup.sql');
    await root.query("INSERT INTO v_process_monitor.PROCESE VALUES (1, 'kept')");
    await runSqlFile(server, 'setup.sql');
    expect(await alarmaIndexes(root)).toHaveLength(1);
    expect(await all(root, 'PROCESE')).toEqual([{ process_id: 1, process_name: 'kept' }]);
    expect(await all(root, 'STATUS_PROCESS')).toEqual([]);
  });

  it('setup.sql adds the index to an older layout, and changes neither its rows nor its columns', async () => {
    await root.query(OLDER_LAYOUT);
    expect(await alarmaIndexes(root)).toHaveLength(0);
    const before = [await all(root, 'PROCESE'), await all(root, 'STATUS_PROCESS')];
    await runSqlFile(server, 'setup.sql');
    await runSqlFile(server, 'setup.sql');
    expect(await alarmaIndexes(root)).toHaveLength(1);
    expect([await all(root, 'PROCESE'), await all(root, 'STATUS_PROCESS')]).toEqual(before);
  });

  it('setup.sql leaves an index of another name that begins with alarma alone', async () => {
    await root.query(`${OLDER_LAYOUT}; CREATE INDEX theirs ON STATUS_PROCESS (alarma, sound)`);
    await runSqlFile(server, 'setup.sql');
    expect(await alarmaIndexes(root)).toEqual([expect.objectContaining({ Key_name: 'theirs' })]);
  });

  it('fleet.sql adds the column and one index to tables with rows, however often it is run', async () => {
    await root.query(OLDER_LAYOUT.replace(' host_id VARCHAR(20),', '').replaceAll(/, ('h1'|NULL)\)/g, ')'));
    await runSqlFile(server, 'fleet.sql');
    await runSqlFile(server, 'fleet.sql');
    expect(await hostIndexes(root)).toHaveLength(1);
    expect(await all(root, 'STATUS_PROCESS')).toEqual([
      { process_id: 1, alarma: 1, sound: 1, notes: 'standing', host_id: null },
      { process_id: 9, alarma: 0, sound: 0, notes: null, host_id: null },
    ]);
  });

  it('fleet.sql leaves a column that is there as it is, and an index on it that suffices', async () => {
    await root.query(`${OLDER_LAYOUT}; CREATE INDEX theirs ON STATUS_PROCESS (host_id, alarma)`);
    const before = await all(root, 'STATUS_PROCESS');
    await runSqlFile(server, 'fleet.sql');
    expect(await hostIndexes(root)).toEqual([expect.objectContaining({ Key_name: 'theirs' })]);
    expect(await all(root, 'STATUS_PROCESS')).toEqual(before);
  });

  it('sample_data.sql adds processes without alarm, and changes no row that is there', async () => {
    await root.query(OLDER_LAYOUT);
    await runSqlFile(server, 'sample_data.sql');
    await runSqlFile(server, 'sample_data.sql');
    const status = await all(root, 'STATUS_PROCESS');
    expect(status).toContainEqual({ process_id: 1, alarma: 1, sound: 1, notes: 'standing', host_id: 'h1' });
    expect(status.filter(({ alarma }) => alarma === 1)).toHaveLength(1);
    expect(await all(root, 'PROCESE')).toEqual(
      expect.arrayContaining([
        { process_id: 1, process_name: 'mine' },
        { process_id: 4, process_name: 'sshd' },
      ]),
    );
  });
});

const whyNot = serverFlavours().includes('mariadb')
  ? undefined
  : 'MySQL can be told so only when its data are made';

describeWhere('setup.sql where the server keeps table names in lower case', whyNot, () => {
  it('finds its index', async () => {
    const server = await startPrivateServer({
      flavour: 'mariadb',
      extraArgs: ['--lower-case-table-names=1'],
    });
    onTestFinished(() => server.stop());
    await runSqlFile(server, 'setup.sql');
    await runSqlFile(server, 'setup.sql');
    const root = await server.connect();
    expect(await alarmaIndexes(root)).toHaveLength(1);
    await root.end();
  });
});

interface Row {
  readonly [column: string]: unknown;
}

async function all(root: Connection, table: string): Promise<Row[]> {
  const [rows] = await root.query(`SELECT * FROM v_process_monitor.${table} ORDER BY process_id`);
  return rows as Row[];
}

async function hostIndexes(root: Connection): Promise<Row[]> {
  const [rows] = await root.query(
    "SHOW INDEX FROM v_process_monitor.STATUS_PROCESS WHERE Column_name = 'host_id' AND Seq_in_index = 1",
  );
  return rows as Row[];
}

async function alarmaIndexes(root: Connection): Promise<Row[]> {
  const [rows] = await root.query(
    "SHOW INDEX FROM v_process_monitor.STATUS_PROCESS WHERE Column_name = 'alarma' AND Seq_in_index = 1",
  );
  return rows as Row[];
}
