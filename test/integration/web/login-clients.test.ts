import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { WebConfig } from '../../../src/config/config.js';
import { closeServer, createHttpServer, listenOn } from '../../../src/lib/http/http-server.js';
import { hashBy } from '../../../src/lib/password-hash.js';
import { Gate } from '../../../src/web/access/gate.js';
import { Sessions } from '../../../src/web/access/sessions.js';
import { Login } from '../../../src/web/login/login.js';
import { createSessionRoutes } from '../../../src/web/login/session-routes.js';
import { createWebApp } from '../../../src/web/web-app.js';
import { freePort } from '../../support/database/free-port.js';
import { PageClient } from '../../support/web/page-client.js';
import { PASSWORD } from '../../support/web/web-scene.js';

const NOBODY = 65_534;

/** Sends a login from a process of another user, and prints the status of the answer. */
const LOGIN = `
  const [port, localAddress, forwarded, origin] = process.argv.slice(1);
  const headers = { Host: '127.0.0.1:' + port, Origin: origin, 'Content-Type': 'application/json' };
  if (forwarded) headers['X-Forwarded-For'] = forwarded;
  const asking = require('node:http').request({ host: '127.0.0.1', port, localAddress, path: '/api/login', method: 'POST', headers, agent: false });
  asking.on('response', (message) => message.resume().on('end', () => process.exit(void console.log(message.statusCode))));
  asking.end(JSON.stringify({ user: 'anna', password: 'a guess' }));
`;

describe.runIf(process.getuid?.() === 0)('who counts as one client of the login', () => {
  async function open(more: Partial<WebConfig> = {}) {
    const { text: hash } = await hashBy({ name: 'scrypt', logN: 10, r: 8, p: 1 }, PASSWORD);
    const port = await freePort();
    const config: WebConfig = {
      ...{ listen: { host: '127.0.0.1', port }, users: new Map([['anna', hash]]) },
      ...more,
    };
    const sessions = new Sessions(Date.now);
    const gate = new Gate(config, sessions);
    const told: string[] = [];
    const login = new Login({
      ...{ sessions, users: () => config.users, now: () => 0 },
      log: { right: () => {}, uncheckable: () => {}, wrong: (_, address) => void told.push(address) },
    });
    const routes = createSessionRoutes({ gate, login, sessions, canLogIn: () => true, version: '1' });
    const server = createHttpServer({
      answer: createWebApp({ gate, routes, assets: [], version: '1' }),
      ...{ maxConnections: 50, keepAliveTimeout: 1000 },
    });
    await listenOn(server, '127.0.0.1', port);
    onTestFinished(() => closeServer(server));
    const guess = async (from: string, forwarded = '', uid = NOBODY): Promise<number> => {
      const origin =
        config.hostname === undefined ? `http://127.0.0.1:${port}` : `https://${config.hostname}`;
      const call = [process.execPath, '-e', LOGIN, String(port), from, forwarded, origin];
      const child = spawn('setpriv', [`--reuid=${uid}`, '--clear-groups', ...call], {
        stdio: ['ignore', 'pipe', 'inherit'],
        cwd: '/',
      });
      return Number(await text(child.stdout));
    };
    return { port, told, guess };
  }

  it('is a user of this host, whatever address it takes: it can neither go on guessing nor lock others out', async () => {
    const { port, told, guess } = await open();
    expect([await guess('127.0.0.1'), await guess('127.0.0.2'), await guess('127.0.0.3')]).toEqual([
      401, 429, 429,
    ]);
    expect(told).toEqual([`127.0.0.1 (uid ${NOBODY})`]);
    expect((await new PageClient(port).logIn('anna', PASSWORD)).status).toBe(200);
  });

  it('is an address that root or the account of the proxy has forwarded, of nobody else', async () => {
    const proxied = { hostname: 'page.example.com', proxyUser: 'nobody' };
    const trusted = await open(proxied);
    expect(await trusted.guess('127.0.0.1', '192.0.2.1, 192.0.2.2')).toBe(401);
    expect(await trusted.guess('127.0.0.1', '192.0.2.3')).toBe(401);
    expect(await trusted.guess('127.0.0.1', '192.0.2.4', 0)).toBe(401);
    expect(trusted.told).toEqual(['192.0.2.2', '192.0.2.3', '192.0.2.4']);
    for (const proxyUser of ['no-such-account', undefined]) {
      const wary = await open({ hostname: proxied.hostname, ...(proxyUser !== undefined && { proxyUser }) });
      expect(await wary.guess('127.0.0.1', '192.0.2.2')).toBe(401);
      expect(await wary.guess('127.0.0.1', '192.0.2.3')).toBe(429);
      expect(wary.told).toEqual([`127.0.0.1 (uid ${NOBODY})`]);
    }
  });
});
