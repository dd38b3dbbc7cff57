import type { Connection } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { diagnoseBinlog, streamBlockers } from '../../../src/db/preflight/diagnose-binlog.js';
import { diagnoseTableAccess } from '../../../src/db/preflight/diagnose-table-access.js';
import { runSqlFile } from '../../support/database/sql-file.js';
import {
  type PrivateServer,
  type PrivateServerOptions,
  startPrivateServer,
} from '../../support/private-server.js';
import { serverFlavours } from '../../support/server-programs.js';

const DATABASE = 'v_process_monitor';
const LIMITED = { user: "o'neil", password: 'x', database: DATABASE };
const ACCOUNT = "'o''neil'@'localhost'";

describe.each(serverFlavours())('preflight on %s', (flavour) => {
  const monitoring = flavour === 'mariadb' ? 'BINLOG MONITOR' : 'REPLICATION CLIENT';
  let server: PrivateServer;
  let root: Connection;

  beforeAll(async () => {
    server = await startPrivateServer({ flavour });
    await runSqlFile(server, 'setup.sql');
    root = await server.connect({ multipleStatements: true, database: DATABASE });
  });
  afterAll(async () => {
    await root.end();
    await server.stop();
  });
  beforeEach(async () => {
    await root.query(`CREATE USER ${ACCOUNT} IDENTIFIED BY 'x'; GRANT SELECT ON ${DATABASE}.* TO ${ACCOUNT}`);
  });
  afterEach(async () => {
    await root.query(`DROP USER ${ACCOUNT}`);
  });

  it('R6: has nothing to say to root on a server as it should be', async () => {
    expect(await diagnoseBinlog(root, DATABASE)).toEqual([]);
    expect(await diagnoseTableAccess(root, DATABASE)).toEqual([]);
  });

  it('R6: names both missing privileges, and its GRANT cures them', async () => {
    const [diagnosis, ...others] = await asLimited((limited) => diagnoseBinlog(limited, DATABASE));
    expect(others).toEqual([]);
    expect(diagnosis).toEqual({
      severity: 'fatal-for-stream',
      message: expect.stringContaining(`REPLICATION SLAVE and ${monitoring} not granted`),
      remedy: `GRANT REPLICATION SLAVE, ${monitoring} ON *.* TO ${ACCOUNT};`,
    });
    await root.query(diagnosis?.remedy ?? '');
    expect(await asLimited((limited) => diagnoseBinlog(limited, DATABASE))).toEqual([]);
  });

  it('R6: names the one privilege that is missing', async () => {
    await root.query(`GRANT REPLICATION CLIENT ON *.* TO ${ACCOUNT}`);
    const found = await asLimited((limited) => diagnoseBinlog(limited, DATABASE));
    expect(found.map(({ remedy }) => remedy)).toEqual([`GRANT REPLICATION SLAVE ON *.* TO ${ACCOUNT};`]);
  });

  it('R6: counts the privileges of a role that is in force', async () => {
    await root.query(`CREATE ROLE streamer; GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO streamer;
      GRANT streamer TO ${ACCOUNT}; SET DEFAULT ROLE streamer ${flavour === 'mysql' ? 'TO' : 'FOR'} ${ACCOUNT}`);
    onTestFinished(async () => {
      await root.query('DROP ROLE streamer');
    });
    expect(await asLimited((limited) => diagnoseBinlog(limited, DATABASE))).toEqual([]);
  });

  it('R24: tells nothing of the password or its hash', async () => {
    const text = JSON.stringify(await asLimited((limited) => diagnoseBinlog(limited, DATABASE)));
    expect(text).not.toMatch(/IDENTIFIED|\*[0-9A-F]{40}/);
  });

  it('names the missing privileges on the tables, and its GRANTs cure them', async () => {
    await root.query(
      `REVOKE SELECT ON ${DATABASE}.* FROM ${ACCOUNT}; GRANT SELECT ON ${DATABASE}.PROCESE TO ${ACCOUNT}`,
    );
    const found = await asLimited((limited) => diagnoseTableAccess(limited, DATABASE));
    expect(found.map(({ severity }) => severity)).toEqual(['fatal', 'fatal']);
    await root.query(found.map(({ remedy }) => remedy).join(' '));
    expect(await asLimited((limited) => diagnoseTableAccess(limited, DATABASE))).toEqual([]);
  });

  it('says that the index on alarma is missing, and that a table is', async () => {
    onTestFinished(() => runSqlFile(server, 'setup.sql'));
    await root.query('DROP INDEX alarma ON STATUS_PROCESS');
    expect(await diagnoseTableAccess(root, DATABASE)).toEqual([
      expect.objectContaining({
        severity: 'warning',
        message: expect.stringContaining('no index on alarma'),
      }),
    ]);
    await root.query('DROP TABLE STATUS_PROCESS');
    expect(await diagnoseTableAccess(root, DATABASE)).toContainEqual({
      severity: 'fatal',
      message: expect.stringContaining('STATUS_PROCESS'),
      remedy: expect.stringContaining('sql/setup.sql'),
    });
  });

  it('finds the tables of an installation that has them in lower case', async () => {
    onTestFinished(async () => {
      await root.query('RENAME TABLE procese TO PROCESE, status_process TO STATUS_PROCESS');
    });
    await root.query('RENAME TABLE PROCESE TO procese, STATUS_PROCESS TO status_process');
    expect(await diagnoseTableAccess(root, DATABASE)).toEqual([]);
    const [missing] = await asLimited((limited) => diagnoseTableAccess(limited, DATABASE));
    expect(missing?.remedy).toContain('.status_process TO');
  });

  it.each([
    { name: 'binlog_format', value: 'STATEMENT', usual: 'ROW' },
    { name: 'binlog_format', value: 'MIXED', usual: 'ROW' },
    { name: 'binlog_row_image', value: 'MINIMAL', usual: 'FULL' },
    { name: 'read_only', value: 'ON', usual: 'OFF' },
    ...(flavour === 'mysql' ? [{ name: 'binlog_transaction_compression', value: 'ON', usual: 'OFF' }] : []),
  ])('R6: warns of $name = $value', async ({ name, value, usual }) => {
    onTestFinished(async () => {
      await root.query(`SET GLOBAL ${name} = ${usual}`);
    });
    await root.query(`SET GLOBAL ${name} = ${value}`);
    const found = await diagnoseBinlog(root, DATABASE);
    expect(found).toEqual([expect.objectContaining({ severity: 'warning' })]);
    expect(JSON.stringify(found)).toContain(name);
    expect(streamBlockers(found)).toBeUndefined();
  });

  async function asLimited<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await server.connect(LIMITED);
    try {
      return await work(connection);
    } finally {
      await connection.end();
    }
  }
});

describe.each(serverFlavours())('preflight on another %s', (flavour) => {
  it('R6: says that the binlog is off and where to turn it on', async () => {
    const found = await diagnoseServer({ flavour, binlog: false });
    expect(found).toEqual([
      {
        severity: 'fatal-for-stream',
        message: 'the binlog is off (log_bin = OFF)',
        remedy: expect.stringContaining(flavour === 'mariadb' ? '[mariadb]' : '[mysqld]'),
      },
    ]);
    expect(streamBlockers(found)).toMatch(/^the binlog is off .*log_bin = binlog/);
  });

  it.each([
    ['--binlog-ignore-db=v_process_monitor', 'binlog_ignore_db = v_process_monitor'],
    ['--binlog-do-db=another', 'binlog_do_db = another'],
  ])('R6: says that %s keeps the changes out of the binlog', async (option, words) => {
    const found = await diagnoseServer({ flavour, extraArgs: [option] });
    expect(found).toEqual([expect.objectContaining({ severity: 'fatal-for-stream' })]);
    expect(found[0]?.message).toContain(words);
  });

  it('R6: has nothing against a filter that lets the database through, nor against one of another', async () => {
    const extraArgs = ['--binlog-do-db=v_process_monitor', '--binlog-ignore-db=another'];
    expect(await diagnoseServer({ flavour, extraArgs })).toEqual([]);
  });

  it('R6: says that a replica keeps what it replicates out of its binlog', async () => {
    const server = await startPrivateServer({
      flavour,
      extraArgs: [flavour === 'mariadb' ? '--skip-log-slave-updates' : '--skip-log-replica-updates'],
    });
    onTestFinished(() => server.stop());
    const root = await server.connect({ multipleStatements: true });
    expect(await diagnoseBinlog(root, DATABASE)).toEqual([]);
    // A primary that is never reached makes a replica all the same.
    await root.query(
      flavour === 'mariadb'
        ? "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = 1; START SLAVE"
        : "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = 1; START REPLICA",
    );
    expect(await diagnoseBinlog(root, DATABASE)).toEqual([
      expect.objectContaining({
        severity: 'warning',
        message: expect.stringContaining('is a replica'),
      }),
    ]);
    await root.end();
  });
});

async function diagnoseServer(options: PrivateServerOptions): ReturnType<typeof diagnoseBinlog> {
  const server = await startPrivateServer(options);
  try {
    const root = await server.connect();
    return await diagnoseBinlog(root, DATABASE);
  } finally {
    await server.stop();
  }
}
