import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { connectionOptions } from '../../../src/db/connection/connection-options.js';
import { toDatabaseError } from '../../../src/db/connection/database-error.js';
import { findLocalSocket, isSocketMeant } from '../../../src/db/connection/local-socket.js';
import { describeOnMysql } from '../../support/conditional-tests.js';
import { startRogueServer } from '../../support/db/rogue-server.js';
import { DEFAULT_CONFIG } from '../../support/default-config.js';
import { type PrivateServer, startPrivateServer } from '../../support/private-server.js';
import { waitFor } from '../../support/restart/wait-for.js';

/** The loopback address written so that it counts as another machine. */
const ELSEWHERE = '127.1';

/** A server that has not seen an account since its start asks for the password itself: a rogue can always ask. */
describeOnMysql('R24: the password itself', () => {
  describe.each([
    ['a server with a certificate of its own', [], true],
    ['a server without TLS', ['--tls-version='], false],
  ])('asked for by %s', (_, extraArgs, hasTls) => {
    let server: PrivateServer;
    let config: DatabaseConfig;

    beforeAll(async () => {
      server = await startPrivateServer({ flavour: 'mysql', extraArgs });
      const root = await server.connect();
      await root.query("CREATE USER 'fresh'@'%' IDENTIFIED WITH caching_sha2_password BY 'itself'");
      await root.end();
      config = {
        ...DEFAULT_CONFIG.database,
        ...{ host: ELSEWHERE, port: server.port, user: 'fresh', password: 'itself', database: '' },
      };
      return () => server.stop();
    });

    it('is refused where nothing proves who the server is', async () => {
      await expect(logIn(config)).rejects.toMatchObject(ASKS_FOR_PASSWORD);
      // The server has not learnt it: it would know the account by now.
      await expect(logIn(config)).rejects.toThrow(/asks for the password itself/);
      const required = logIn({ ...config, sslMode: 'required' });
      if (hasTls) await expect(required).rejects.toMatchObject(ASKS_FOR_PASSWORD);
      else await expect(required).rejects.toMatchObject({ code: 'HANDSHAKE_NO_SSL_SUPPORT' });
    });

    it('is given where the file says so, or the server is on this machine', async () => {
      expect(await logIn({ ...config, host: 'localhost' })).toMatch(/^fresh@/);
      const root = await server.connect();
      await root.query('FLUSH PRIVILEGES');
      await root.end();
      expect(await logIn({ ...config, trustServer: true })).toMatch(/^fresh@/);
    });
  });
});

describe('R24: the password, asked for by a rogue server without TLS', () => {
  const start = async (plugin: string) => {
    const rogue = await startRogueServer(plugin);
    onTestFinished(() => rogue.close());
    const account = { host: ELSEWHERE, port: rogue.port, user: 'fresh', password: 'itself', database: '' };
    return { rogue, config: { ...DEFAULT_CONFIG.database, ...account } };
  };

  it.each(['caching_sha2_password', 'sha256_password', 'mysql_clear_password'])(
    'by %s, is not given, and required does not even log in',
    async (plugin) => {
      const { rogue, config } = await start(plugin);
      await expect(logIn(config)).rejects.toMatchObject(ASKS_FOR_PASSWORD);
      await expect(logIn({ ...config, sslMode: 'required' })).rejects.toMatchObject({
        code: 'HANDSHAKE_NO_SSL_SUPPORT',
      });
      expect(rogue.learnt()).toEqual(Buffer.alloc(0));
    },
  );

  it('begins to be given where the file says that the server is trusted', async () => {
    const { rogue, config } = await start('caching_sha2_password');
    void logIn({ ...config, trustServer: true }).catch(() => {});
    // It asks for the key to encrypt it with.
    await waitFor('the answer', () => rogue.learnt().includes(2, 4));
  });
});

describe('R24: the password, asked for at a port of this machine', () => {
  /** What any local user can do while the server is down; it passes everything on to the rogue. */
  const listenAs = async (uid: number, target: number): Promise<number> => {
    const script = `require('node:net').createServer((client) => {
      const server = require('node:net').connect(${target}, '127.0.0.1');
      for (const socket of [client, server]) socket.on('error', () => {});
      client.pipe(server).pipe(client);
    }).listen(0, '127.0.0.1', function () { console.log(this.address().port) })`;
    const argv = ['--reuid', String(uid), '--clear-groups', process.execPath, '-e', script];
    const child = spawn('setpriv', argv, { stdio: ['ignore', 'pipe', 'inherit'], cwd: '/' });
    onTestFinished(() => void child.kill());
    const [port] = await once(child.stdout, 'data');
    return Number(String(port));
  };

  it.runIf(process.getuid?.() === 0).each(['caching_sha2_password', 'sha256_password'])(
    'is not given by %s to the process of another user',
    async (plugin) => {
      const rogue = await startRogueServer(plugin);
      onTestFinished(() => rogue.close());
      for (const host of ['localhost', '127.0.0.1']) {
        const port = await listenAs(65_534, rogue.port);
        const account = { host, port, user: 'fresh', password: 'itself', database: '' };
        await expect(logIn({ ...DEFAULT_CONFIG.database, ...account })).rejects.toMatchObject({
          message: expect.stringMatching(/belongs neither to root nor to mysql or mariadb/),
          remedy: expect.stringMatching(/Unix socket.*trust_server = yes/),
          retryable: false,
        });
      }
      expect(rogue.learnt()).toEqual(Buffer.alloc(0));
      const { port } = rogue;
      void logIn({ ...DEFAULT_CONFIG.database, host: '127.0.0.1', port, user: 'fresh', password: 'x' }).catch(
        () => {},
      );
      await waitFor('the answer to a process of our own', () => rogue.learnt().length > 0);
    },
  );
});

const ASKS_FOR_PASSWORD = {
  message: expect.stringMatching(/asks for the password itself/),
  remedy: expect.stringMatching(/verify_identity.*trust_server = yes/),
  retryable: false,
};

async function logIn(config: DatabaseConfig): Promise<string> {
  try {
    const connection = await createConnection(connectionOptions(config));
    const [rows] = await connection.query('SELECT CURRENT_USER() AS account');
    await connection.end();
    const [row] = rows as { account: string }[];
    return row?.account ?? 'nobody';
  } catch (error) {
    throw toDatabaseError(error);
  }
}

describe('host = localhost', () => {
  const { port: _, ...base } = DEFAULT_CONFIG.database;

  it('means the socket, unless the file names a port, another host, or a TLS that the socket has not', () => {
    expect(isSocketMeant(base)).toBe(true);
    expect(isSocketMeant({ ...base, port: 3306 })).toBe(false);
    expect(isSocketMeant({ ...base, host: '127.0.0.1' })).toBe(false);
    expect(isSocketMeant({ ...base, sslMode: 'required' })).toBe(false);
    expect(isSocketMeant({ ...base, sslMode: 'verify_identity' })).toBe(false);
  });

  it('takes a socket only from a folder where no other user can write', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'socket-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'mysql.sock');
    const listener = createServer();
    await new Promise<void>((resolve) => listener.listen(path, resolve));
    onTestFinished(() => void listener.close());
    expect((await stat(path)).isSocket()).toBe(true);
    await chmod(folder, 0o755);
    expect(findLocalSocket([path])).toBe(path);
    await chmod(folder, 0o1777);
    expect(findLocalSocket([path])).toBeUndefined();
    await chmod(folder, 0o775);
    expect(findLocalSocket([path])).toBeUndefined();
    await mkdir(join(folder, 'no.sock'));
    expect(findLocalSocket([join(folder, 'no.sock'), join(folder, 'gone')])).toBeUndefined();
  });
});
