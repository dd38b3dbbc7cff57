import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProcessSettings } from '../../../src/domain/cycle/process-settings.js';
import { createHealthCheck } from '../../../src/restart/health/health-check.js';
import { itAsRoot } from '../../support/conditional-tests.js';
import { makeOwnCertificate } from '../../support/own-certificate.js';
import { targetOf } from '../../support/restart/target.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';

const checkHealth = createHealthCheck({ systemd: undefined });
const CHECK_PORT = fileURLToPath(new URL('../../../src/restart/health/check-port.ts', import.meta.url));
const SHORT = { timeoutMs: 400 };
const LONG = { timeoutMs: 30_000 };

const closers: (() => void)[] = [];
let work: Workspace;
beforeEach(async () => {
  work = await createWorkspace();
});
afterEach(async () => {
  for (const close of closers.splice(0)) close();
  delete process.env.SSL_CERT_FILE;
  await work.remove();
});

function check(settings: Partial<ProcessSettings>, options = LONG) {
  return checkHealth(targetOf('no-such-process', settings), undefined, options);
}

describe('health_check_url', () => {
  it.each([200, 204, 301, 302, 399])(
    'R21: status %i is healthy, and no redirect is followed',
    async (status) => {
      const paths: string[] = [];
      const url = await serveHttp((request, response) => {
        paths.push(`${request.method} ${request.url}`);
        response.writeHead(status, { location: '/elsewhere' }).end();
      });
      expect(await check({ healthCheckUrl: `${url}/health?x=1` })).toEqual({
        healthy: true,
        detail: `health_check_url: status ${status}`,
      });
      expect(paths).toEqual(['GET /health?x=1']);
    },
  );

  it.each([400, 404, 500, 503])('R21: status %i is not', async (status) => {
    const url = await serveHttp((_, response) => response.writeHead(status).end());
    expect(await check({ healthCheckUrl: url })).toEqual({
      healthy: false,
      reason: `health_check_url: status ${status}, not 200 to 399`,
    });
  });

  it('R21: health_check_status is the only healthy one', async () => {
    const url = await serveHttp((_, response) => response.writeHead(200).end());
    expect(await check({ healthCheckUrl: url, healthCheckStatus: 503 })).toEqual({
      healthy: false,
      reason: 'health_check_url: status 200, not 503',
    });
    expect(await check({ healthCheckUrl: url, healthCheckStatus: 200 })).toMatchObject({ healthy: true });
  });

  it('R21: a server that accepts and says nothing is given up at the deadline', async () => {
    const port = await serve(() => {});
    expect(await check({ healthCheckUrl: `http://127.0.0.1:${port}/` }, SHORT)).toEqual({
      healthy: false,
      reason: 'health_check_url: no answer within 0.4 s',
    });
  });

  it('R21: so is one that sends its head byte by byte', async () => {
    const port = await serve((socket) => {
      const slow = setInterval(() => socket.write('H'), 50);
      closers.push(() => clearInterval(slow));
    });
    const verdict = await check({ healthCheckUrl: `http://127.0.0.1:${port}/` }, SHORT);
    expect(verdict.healthy).toBe(false);
  });

  it('R21: a change of the protocol, which nobody asked for, is no answer: nothing waits for ever', async () => {
    const port = await serve((socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
    });
    expect(await check({ healthCheckUrl: `http://127.0.0.1:${port}/` })).toEqual({
      healthy: false,
      reason: 'health_check_url: it closes the connection without an answer',
    });
  });

  it('R21: a body without an end is not waited for, nor taken into memory', async () => {
    let sent = 0;
    let left = (): void => {};
    const isLeft = new Promise<void>((resolve) => {
      left = resolve;
    });
    const url = await serveHttp((_, response) => {
      response.on('close', () => left());
      response.writeHead(200);
      const block = Buffer.alloc(1_000_000);
      const more = (): void => {
        while (!response.destroyed && sent < 1_000_000_000 && response.write(block)) sent += block.length;
      };
      response.on('drain', more);
      more();
    });
    expect(await check({ healthCheckUrl: url })).toMatchObject({ healthy: true });
    await isLeft;
    expect(sent).toBeLessThan(50_000_000);
  });

  it('R21: says why nobody answers', async () => {
    const port = await serve(() => {});
    for (const close of closers.splice(0)) close();
    const verdict = await check({ healthCheckUrl: `http://127.0.0.1:${port}/` });
    expect(verdict).toMatchObject({ healthy: false, reason: expect.stringContaining('ECONNREFUSED') });
  });

  it('R24: TLS is as this host trusts it: a certificate of its own is refused until the host trusts it', async () => {
    const { key, cert, file } = await makeOwnCertificate(work.directory);
    const server = createHttpsServer({ key, cert }, (_, response) => response.writeHead(200).end());
    const url = `https://localhost:${await listen(server)}/`;
    expect(await check({ healthCheckUrl: url })).toMatchObject({
      healthy: false,
      reason: expect.stringMatching(/self.signed/),
    });
    process.env.SSL_CERT_FILE = file;
    expect(await check({ healthCheckUrl: url })).toMatchObject({ healthy: true });
  });
});

describe('health_check_port', () => {
  it('R21: is healthy where a connection is accepted', async () => {
    const port = await serve((socket) => socket.destroy());
    expect(await check({ healthCheckPort: { port } })).toEqual({
      healthy: true,
      detail: `health_check_port: ${port} accepts`,
    });
    expect(await check({ healthCheckPort: { host: 'localhost', port } })).toMatchObject({ healthy: true });
  });

  it('R21: is not where it is refused', async () => {
    const port = await serve(() => {});
    for (const close of closers.splice(0)) close();
    expect(await check({ healthCheckPort: { port } })).toMatchObject({
      healthy: false,
      reason: expect.stringMatching(/^health_check_port: .*ECONNREFUSED/),
    });
  });

  // In a network of its own, where the kernel has this port alone to give to a client.
  itAsRoot('R21: a client that the kernel connects to itself finds nobody listening', async () => {
    const program = `import { checkPort } from '${CHECK_PORT}';
      console.log(JSON.stringify(await checkPort({ port: 40000 }, { timeoutMs: 5000 })));`;
    const { stdout } = await promisify(execFile)(
      'unshare',
      [
        '--net',
        'sh',
        '-c',
        'ip link set lo up; echo 40000 40001 >/proc/sys/net/ipv4/ip_local_port_range; exec "$@"',
        ...['sh', process.execPath, '--import', 'tsx', '--input-type=module', '-e', program],
      ],
      { cwd: fileURLToPath(new URL('../../..', import.meta.url)) },
    );
    expect(JSON.parse(stdout)).toMatchObject({
      healthy: false,
      reason: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe('several checks', () => {
  it('R21: all that is set must agree, and the built-in check is not made then', async () => {
    const port = await serve((socket) => socket.destroy());
    const url = await serveHttp((_, response) => response.writeHead(500).end());
    const both = { healthCheckPort: { port }, healthCheckCommand: 'true' };
    expect(await check(both)).toEqual({
      healthy: true,
      detail: `health_check_port: ${port} accepts, health_check_command: exit code 0`,
    });
    expect(await check({ ...both, healthCheckUrl: url })).toMatchObject({ healthy: false });
    expect(await check({ ...both, healthCheckCommand: 'exit 3' })).toMatchObject({ healthy: false });
  });
});

async function serveHttp(answer: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createHttpServer(answer))}`;
}

function serve(onSocket: (socket: Socket) => void): Promise<number> {
  return listen(createServer((socket) => void onSocket(socket.on('error', () => {}))));
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => void sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
