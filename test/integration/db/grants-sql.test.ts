import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import ZongJi from '@vlasky/zongji';
import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnoseBinlog, streamBlockers } from '../../../src/db/preflight/diagnose-binlog.js';
import { diagnoseTableAccess } from '../../../src/db/preflight/diagnose-table-access.js';
import { grantToMonitor, runSqlFile } from '../../support/database/sql-file.js';
import { type PrivateServer, startPrivateServer } from '../../support/private-server.js';
import { serverFlavours } from '../../support/server-programs.js';

const MONITOR = { user: 'monitor_service', password: 'correct-horse-7', database: 'v_process_monitor' };

describe.each(serverFlavours())('grants.sql on %s', (flavour) => {
  let server: PrivateServer;
  let monitor: Connection;

  beforeAll(async () => {
    server = await startPrivateServer({ flavour });
    await runSqlFile(server, 'setup.sql');
    await runSqlFile(server, 'sample_data.sql');
    await grantToMonitor(server, MONITOR.password);
    await grantToMonitor(server, 'a later password that changes nothing');
    // TCP without TLS: on MySQL the password goes through the key exchange of caching_sha2_password.
    monitor = await server.connect(MONITOR);
  });
  afterAll(() => server.stop());

  it('is refused, and makes no user, as long as the password has not been put in', async () => {
    const other = (sql: string): string => sql.replaceAll('monitor_service', 'not_made');
    await expect(runSqlFile(server, 'grants.sql', other)).rejects.toThrow(/PUT_A_PASSWORD_HERE/);
    const root = await server.connect();
    const [users] = await root.query("SELECT user FROM mysql.user WHERE user = 'not_made'");
    await root.end();
    expect(users).toEqual([]);
  });

  it.each([
    'SELECT process_id, process_name FROM PROCESE',
    'SELECT * FROM STATUS_PROCESS WHERE alarma = 1',
    "UPDATE STATUS_PROCESS SET alarma = 0, notes = 'restarted' WHERE process_id = 1 AND alarma = 1",
    'SHOW BINARY LOGS',
  ])('lets the service do what it does: %s', async (statement) => {
    await expect(monitor.query(statement)).resolves.toBeDefined();
  });

  it('lets the service read the binlog as a replica does', async () => {
    const stream = new ZongJi({ host: server.host, port: server.port, ...MONITOR });
    try {
      stream.start({ startAtEnd: true, serverId: 4711, includeEvents: ['rotate', 'tablemap', 'updaterows'] });
      // The first rotate is what the server sends when it has let the replica in; an error rejects.
      await once(stream, 'binlog');
    } finally {
      stream.stop();
    }
  });

  it('a tool that has the privileges of docs/raise-alarms.md raises an alarm, and does nothing else', async () => {
    const page = readFileSync(new URL('../../../docs/raise-alarms.md', import.meta.url), 'utf8');
    const [grant = ''] = /^GRANT .*$/m.exec(page) ?? [];
    const root = await server.connect();
    const password = 'correct-horse-8';
    await root.query(`CREATE USER 'plc'@'localhost' IDENTIFIED BY '${password}'`);
    await root.query(grant);
    await root.end();
    const tool = await server.connect({ user: 'plc', password, database: MONITOR.database });
    await tool.query("UPDATE STATUS_PROCESS SET alarma = 1, notes = 'hot' WHERE process_id = 1");
    await expect(tool.query('SELECT notes FROM STATUS_PROCESS')).rejects.toMatchObject({ errno: 1143 });
    await expect(tool.query('UPDATE STATUS_PROCESS SET sound = 1')).rejects.toMatchObject({ errno: 1143 });
    await tool.end();
  });

  it('R6: leaves the preflight nothing to say', async () => {
    const diagnoses = await diagnoseBinlog(monitor, MONITOR.database);
    expect(diagnoses).toEqual([]);
    expect(streamBlockers(diagnoses)).toBeUndefined();
    expect(await diagnoseTableAccess(monitor, MONITOR.database)).toEqual([]);
  });

  it.each([
    "INSERT INTO PROCESE VALUES (70, 'x')",
    "UPDATE PROCESE SET process_name = 'x'",
    'INSERT INTO STATUS_PROCESS (process_id, alarma) VALUES (5, 1)',
    'UPDATE STATUS_PROCESS SET sound = 1 WHERE process_id = 1',
    'UPDATE STATUS_PROCESS SET process_id = 71 WHERE process_id = 1',
    'DELETE FROM STATUS_PROCESS',
    'CREATE TABLE more (a INT)',
    'DROP TABLE STATUS_PROCESS',
    'SELECT * FROM mysql.user',
    'SET GLOBAL max_connections = 1',
    "CREATE USER sneaky@localhost IDENTIFIED BY 'x'",
    "SELECT 1 INTO OUTFILE '/tmp/monitor_service-must-not-exist'",
  ])('does not let it do more: %s', async (statement) => {
    await expect(monitor.query(statement)).rejects.toThrow(/denied/);
  });
});
