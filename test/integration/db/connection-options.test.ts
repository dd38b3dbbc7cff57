import { join } from 'node:path';
import { createConnection, createPool } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { connectionOptions } from '../../../src/db/connection/connection-options.js';
import { toDatabaseError } from '../../../src/db/connection/database-error.js';
import { streamOf } from '../../../src/db/connection/stream-of.js';
import { describeOnMysql } from '../../support/conditional-tests.js';
import { DEFAULT_CONFIG } from '../../support/default-config.js';
import { type PrivateServer, startPrivateServer } from '../../support/private-server.js';
import { serverFlavours } from '../../support/server-programs.js';

/** The loopback address written so that it counts as another machine, with which `preferred` means TLS. */
const ELSEWHERE = '127.1';

describe.each(serverFlavours())('connection options on %s', (flavour) => {
  let server: PrivateServer;
  let config: DatabaseConfig;

  beforeAll(async () => {
    // MySQL makes itself certificates when its data directory is made; MariaDB has no TLS without being given some.
    server = await startPrivateServer({ flavour });
    config = {
      ...DEFAULT_CONFIG.database,
      host: 'localhost',
      port: server.port,
      user: 'root',
      password: server.rootPassword,
      database: 'mysql',
      sslMode: 'preferred',
    };
  });
  afterAll(() => server.stop());

  it.each<Partial<DatabaseConfig>>([{}, { host: '127.0.0.1' }, { sslMode: 'disabled', host: ELSEWHERE }])(
    'are plain where nobody asks for TLS, or the bytes stay on this machine: %o',
    async (change) => {
      expect(await cipher({ ...config, ...change })).toBe('');
    },
  );

  it('are plain through the socket, whatever ssl_mode says', async () => {
    const socket = server.socket;
    expect(await cipher({ ...config, socket, port: 1, sslMode: 'required' })).toBe('');
  });

  it('preferred: TLS where the server offers it, else plain, for single connections and pools', async () => {
    const expected = flavour === 'mysql' ? /TLS/ : /^$/;
    expect(await cipher({ ...config, host: ELSEWHERE })).toMatch(expected);
    const pool = createPool(connectionOptions({ ...config, host: ELSEWHERE }));
    const both = await Promise.all([0, 1].map(() => pool.query("SHOW STATUS LIKE 'Ssl_cipher'")));
    await pool.end();
    for (const [rows] of both)
      expect(rows).toEqual([expect.objectContaining({ Value: expect.stringMatching(expected) })]);
  });

  it('required: refuses a server without TLS, and takes one with an unknown certificate', async () => {
    const required = cipher({ ...config, sslMode: 'required' });
    if (flavour === 'mysql') expect(await required).toMatch(/TLS/);
    else await expect(required).rejects.toMatchObject({ code: 'HANDSHAKE_NO_SSL_SUPPORT', retryable: false });
  });
});

// Only MySQL comes with certificates of its own.
describeOnMysql('ssl_ca', () => {
  it('is what must have signed the certificate, which for verify_identity must name the host', async () => {
    const server = await startPrivateServer({ flavour: 'mysql' });
    onTestFinished(() => server.stop());
    const sslCa = join(server.directory, 'data', 'ca.pem');
    const config: DatabaseConfig = {
      ...DEFAULT_CONFIG.database,
      host: 'localhost',
      port: server.port,
      user: 'root',
      password: server.rootPassword,
      database: 'mysql',
      sslMode: 'required',
      sslCa,
    };
    expect(await cipher(config)).toMatch(/TLS/);
    const another = cipher({ ...config, sslCa: join(server.directory, 'data', 'client-cert.pem') });
    await expect(another).rejects.toMatchObject({ code: 'HANDSHAKE_SSL_ERROR', retryable: false });
    const named = cipher({ ...config, sslMode: 'verify_identity' });
    await expect(named).rejects.toThrow(/does not match certificate/);

    // Without ssl_ca: the CA is unknown until this host trusts it, and then the name is what is wrong.
    const { sslCa: _, ...noCa } = { ...config, sslMode: 'verify_identity' as const };
    await expect(cipher(noCa)).rejects.toThrow(/self.signed certificate in certificate chain/);
    onTestFinished(() => void delete process.env.SSL_CERT_FILE);
    process.env.SSL_CERT_FILE = sslCa;
    await expect(cipher(noCa)).rejects.toThrow(/does not match certificate/);
  });
});

describeOnMysql('the end of a connection with TLS', () => {
  it('is seen, so that nothing of it is kept', async () => {
    const server = await startPrivateServer({ flavour: 'mysql' });
    onTestFinished(() => server.stop());
    const account = { host: ELSEWHERE, port: server.port, user: 'root', password: server.rootPassword };
    const config: DatabaseConfig = { ...DEFAULT_CONFIG.database, ...account, database: 'mysql' };
    const pool = createPool(connectionOptions(config));
    onTestFinished(() => pool.end());
    const ended = new Promise<void>((resolve) => {
      pool.pool.on('connection', (connection) => streamOf(connection)?.once('close', resolve));
    });
    const lent = await pool.getConnection();
    const [rows] = await lent.query("SHOW STATUS LIKE 'Ssl_cipher'");
    expect(rows).toEqual([expect.objectContaining({ Value: expect.stringMatching(/TLS/) })]);
    lent.release();
    const root = await server.connect();
    await root.query(`KILL ${lent.threadId}`);
    await root.end();
    await ended;
  });
});

const TLS_CONFIG: DatabaseConfig = {
  ...DEFAULT_CONFIG.database,
  host: '192.0.2.1',
  port: 3306,
  user: 'u',
  password: '',
  database: 'd',
  sslMode: 'verify_identity',
};

it('verify_identity refuses an address, which mysql2 could not check', () => {
  expect(() => connectionOptions(TLS_CONFIG)).toThrow(/cannot check the address 192\.0\.2\.1/);
});

it('an ssl_ca that cannot be read is told by its path', () => {
  const config: DatabaseConfig = { ...TLS_CONFIG, host: 'db.example', sslCa: '/nowhere/ca.pem' };
  expect(() => connectionOptions(config)).toThrow(/cannot read ssl_ca \/nowhere\/ca\.pem/);
});

/** The cipher of a connection with these options; empty for a plain one. */
async function cipher(config: DatabaseConfig): Promise<string> {
  try {
    const connection = await createConnection(connectionOptions(config));
    const [rows] = await connection.query("SHOW STATUS LIKE 'Ssl_cipher'");
    await connection.end();
    const [row] = rows as { Value: string }[];
    return row?.Value ?? 'no answer';
  } catch (error) {
    throw toDatabaseError(error);
  }
}
