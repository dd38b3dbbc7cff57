import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { createPool } from 'mysql2';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../src/db/connection/database.js';
import { surviveLateErrors } from '../../../src/db/connection/late-errors.js';
import { streamOf } from '../../../src/db/connection/stream-of.js';
import { startBrokenTlsServer } from '../../support/db/broken-tls-server.js';
import { DEFAULT_CONFIG } from '../../support/default-config.js';
import { createWorkspace } from '../../support/restart/workspace.js';
import { makeCertificate } from '../../support/web/make-certificate.js';

describe('R13: an error of a connection that is over', () => {
  const crashes: unknown[] = [];

  beforeEach(() => {
    crashes.length = 0;
    const listen = (error: unknown): void => void crashes.push(error);
    process.on('uncaughtExceptionMonitor', listen);
    return () => void process.off('uncaughtExceptionMonitor', listen);
  });

  it('does not end the process: the server closes an idle one, and then sends what is no TLS', async () => {
    const work = await createWorkspace();
    onTestFinished(() => work.remove());
    const { cert, keyFile } = await makeCertificate(work.path);
    const key = await readFile(keyFile, 'utf8');
    // The settings of the session, its access mode, and the question who it is.
    const server = await startBrokenTlsServer({ cert, key, afterStatements: 3 });
    onTestFinished(() => server.close());
    const account = { host: '127.0.0.1', port: server.port, user: 'monitor', password: 'secret' };
    const database = openDatabase({ ...DEFAULT_CONFIG.database, ...account, sslMode: 'required' });
    onTestFinished(() => database.close());
    await expect(database.use(async () => 'asked')).resolves.toBe('asked');
    await server.left;
    await new Promise(setImmediate);
    expect(crashes).toEqual([]);
  });

  it('does not end the process: the server takes no more connections, and then its host vanishes', async () => {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => {});
      socket.write(TOO_MANY_CONNECTIONS);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const pool = createPool({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
    surviveLateErrors(pool);
    const refusal = new Promise<NodeJS.ErrnoException | null>((resolve) => pool.getConnection(resolve));
    const [connection] = [Reflect.get(pool, '_allConnections').get(0)];
    expect(await refusal).toMatchObject({ errno: 1040 });
    // What the kernel says of a peer that does not answer any more.
    const stream = streamOf(connection);
    stream?.destroy(Object.assign(new Error('read ETIMEDOUT'), { code: 'ETIMEDOUT' }));
    await new Promise((resolve) => stream?.once('close', resolve));
    expect(crashes).toEqual([]);
  });
});

const TOO_MANY_CONNECTIONS = Buffer.concat([
  Buffer.from([0x17, 0, 0, 0, 0xff, 0x10, 0x04]),
  Buffer.from('Too many connections'),
]);
