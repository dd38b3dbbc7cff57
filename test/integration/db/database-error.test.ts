import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type Connection, createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { connectionOptions } from '../../../src/db/connection/connection-options.js';
import { type DatabaseError, toDatabaseError } from '../../../src/db/connection/database-error.js';
import { freePort } from '../../support/database/free-port.js';
import { grantToMonitor, runSqlFile } from '../../support/database/sql-file.js';
import { DEFAULT_CONFIG } from '../../support/default-config.js';
import { type PrivateServer, startPrivateServer } from '../../support/private-server.js';
import { serverFlavours } from '../../support/server-programs.js';

const PASSWORD = 'hunter-2-hunter';

describe.each(serverFlavours())('errors of %s', (flavour) => {
  let server: PrivateServer;
  let root: Connection;
  let config: DatabaseConfig;

  beforeAll(async () => {
    server = await startPrivateServer({ flavour });
    await runSqlFile(server, 'setup.sql');
    await runSqlFile(server, 'sample_data.sql');
    await grantToMonitor(server, PASSWORD);
    root = await server.connect({ multipleStatements: true, database: 'v_process_monitor' });
    config = {
      ...DEFAULT_CONFIG.database,
      host: 'localhost',
      port: server.port,
      user: 'monitor_service',
      password: PASSWORD,
      database: 'v_process_monitor',
      sslMode: 'preferred',
    };
  });
  afterAll(async () => {
    await root.end();
    await server.stop();
  });

  it.each<[string, () => Promise<Partial<DatabaseConfig>> | Partial<DatabaseConfig>, object]>([
    ['a wrong password', () => ({ password: 'wrong' }), { errno: 1045, retryable: false }],
    ['an unknown user', () => ({ user: 'nobody' }), { errno: 1045, retryable: false }],
    ['a database that is not ours', () => ({ database: 'mysql' }), { errno: 1044, retryable: false }],
    [
      'a database that is not there',
      () => ({ database: 'not_there' }),
      { retryable: false, remedy: expect.stringContaining('sql/setup.sql') },
    ],
    [
      'an unknown database',
      () => ({ database: 'nowhere', user: 'root', password: server.rootPassword }),
      { errno: 1049, retryable: false, remedy: expect.stringContaining('sql/setup.sql') },
    ],
    [
      'a port where nobody listens',
      async () => ({ port: await freePort() }),
      { code: 'ECONNREFUSED', retryable: true, remedy: expect.stringContaining('[database]') },
    ],
    ['a socket that is not there', () => ({ socket: '/nowhere' }), { code: 'ENOENT', retryable: true }],
  ])('are told for %s', async (_, change, expected) => {
    const error = await failure(connect({ ...config, ...(await change()) }));
    expect(error).toMatchObject(expected);
    expect(error.remedy).toBeDefined();
  });

  it.each([
    [
      'SELECT * FROM MISSING',
      { errno: 1142, retryable: false, remedy: expect.stringContaining('grants.sql') },
    ],
    ['UPDATE STATUS_PROCESS SET sound = 1', { errno: 1143, retryable: false }],
    ["INSERT INTO PROCESE VALUES (70, 'x')", { errno: 1142, retryable: false }],
    ['SET GLOBAL max_connections = 1', { errno: 1227, retryable: false }],
  ])('are told for a statement of the service: %s', async (statement, expected) => {
    const connection = await connect(config);
    expect(await failure(connection.query(statement))).toMatchObject(expected);
    await connection.end();
  });

  it.each([
    ['SELECT * FROM MISSING', { errno: 1146, remedy: expect.stringContaining('sql/setup.sql') }],
    ['SELECT nothing FROM PROCESE', { errno: 1054, remedy: expect.stringContaining('sql/setup.sql') }],
    ['no statement', { errno: 1064, retryable: false }],
  ])('are told for a statement of root: %s', async (statement, expected) => {
    expect(await failure(root.query(statement))).toMatchObject(expected);
  });

  it('are retryable where the server is read-only', async () => {
    await root.query('SET GLOBAL read_only = ON');
    onTestFinished(async () => {
      await root.query('SET GLOBAL read_only = OFF');
    });
    const connection = await connect(config);
    const refused = failure(connection.query("UPDATE STATUS_PROCESS SET notes = 'x' WHERE process_id = 1"));
    expect(await refused).toMatchObject({ errno: 1290, retryable: true });
    await connection.end();
  });

  // So is a member that its replication group has expelled.
  it.runIf(flavour === 'mysql')('are told where the server is in offline mode', async () => {
    await root.query('SET GLOBAL offline_mode = ON');
    onTestFinished(async () => {
      await root.query('SET GLOBAL offline_mode = OFF');
    });
    expect(await failure(connect(config))).toMatchObject({
      errno: 3032,
      retryable: true,
      message: expect.stringContaining('offline mode'),
      remedy: expect.stringContaining('[database] host'),
    });
  });

  it('are retryable where a row stays locked', async () => {
    await root.query('START TRANSACTION; UPDATE STATUS_PROCESS SET sound = 1 WHERE process_id = 1');
    onTestFinished(async () => {
      await root.query('ROLLBACK');
    });
    const connection = await connect(config);
    await connection.query('SET SESSION innodb_lock_wait_timeout = 1');
    const late = failure(connection.query("UPDATE STATUS_PROCESS SET notes = 'x' WHERE process_id = 1"));
    expect(await late).toMatchObject({ errno: 1205, retryable: true });
    await connection.end();
  });

  it('are retryable where the server dies under a statement', async () => {
    const dying = await startPrivateServer({ flavour });
    onTestFinished(() => dying.stop());
    const connection = await dying.connect();
    const broken = failure(connection.query('SELECT SLEEP(60)'));
    await connectionIsBusy(dying);
    await dying.kill('SIGKILL');
    expect(await broken).toMatchObject({ retryable: true, message: expect.stringContaining('broke') });
    expect(await failure(connection.query('SELECT 1'))).toMatchObject({ retryable: true });
  });

  it('R24: hold the password nowhere', async () => {
    const error = await failure(connect({ ...config, user: 'nobody' }));
    expect(JSON.stringify([error.message, error.remedy, error.stack, error.cause])).not.toContain(PASSWORD);
  });
});

it('a peer that takes the connection and stays silent is an error that is retryable', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  onTestFinished(() => {
    silent.close();
  });
  const { port } = silent.address() as AddressInfo;
  const config: DatabaseConfig = {
    ...DEFAULT_CONFIG.database,
    host: '127.0.0.1',
    port,
    user: 'u',
    password: PASSWORD,
    database: 'd',
    sslMode: 'preferred',
  };
  const options = { ...connectionOptions(config), connectTimeout: 200 };
  expect(await failure(createConnection(options))).toMatchObject({ code: 'ETIMEDOUT', retryable: true });
});

async function connect(config: DatabaseConfig): Promise<Connection> {
  return createConnection(connectionOptions(config));
}

async function failure(attempt: Promise<unknown>): Promise<DatabaseError> {
  const error: unknown = await attempt.then(
    () => 'no failure',
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(Error);
  return toDatabaseError(error);
}

async function connectionIsBusy(server: PrivateServer): Promise<void> {
  const watcher = await server.connect();
  await expect
    .poll(async () => {
      const [rows] = await watcher.query('SHOW PROCESSLIST');
      return JSON.stringify(rows);
    })
    .toContain('SLEEP(60)');
}
