import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../support/database/free-port.js';
import { describeOnDaemon } from '../../support/service/describe-on-servers.js';
import { oneServerKind } from '../../support/service/server-kinds.js';
import { untilClosed } from '../../support/until-closed.js';
import { PageClient } from '../../support/web/page-client.js';
import { PASSWORD, writeUsers } from '../../support/web/web-scene.js';

const port = await freePort();
describeOnDaemon(
  'the page and its enemies',
  oneServerKind,
  {
    processes: ['alpha'],
    config: { web: { listen: `127.0.0.1:${port}`, password_file: 'web-users' } },
    prepare: (scene) => writeUsers(scene, { anna: PASSWORD, berta: PASSWORD }),
  },
  ({ scene, daemon }) => {
    const anna = new PageClient(port);
    beforeAll(async () => {
      await daemon.waitForLine(/the page is at/);
      expect((await anna.logIn('anna', PASSWORD)).status).toBe(200);
    });
    const restart = { body: { name: 'nobody' } };

    it('a request of the page itself is carried out', async () => {
      expect((await anna.ask('/api/restart', restart)).status).toBe(404);
    });

    it.each([
      ['a foreign Origin', { Origin: 'http://evil.example' }, 'the request comes from another site'],
      ['another port of this host', { Origin: 'http://127.0.0.1:1' }, 'the request comes from another site'],
      ['the Origin of a sandbox', { Origin: 'null' }, 'the request comes from another site'],
      ['no Origin', { Origin: '' }, 'there is no Origin'],
      ['no token', { 'X-CSRF-Token': '' }, 'the token of the page is missing or old'],
      ['another token', { 'X-CSRF-Token': 'x'.repeat(43) }, 'the token of the page is missing or old'],
      ['a fetch of another site', { 'Sec-Fetch-Site': 'cross-site' }, 'the request comes from another site'],
      ['a fetch of another port', { 'Sec-Fetch-Site': 'same-site' }, 'the request comes from another site'],
    ] as [string, Record<string, string>, string][])(
      '%s changes nothing, with the cookie',
      async (_, headers, error) => {
        const answer = await anna.ask('/api/restart', { ...restart, headers });
        expect([answer.status, answer.json]).toMatchObject([403, { error }]);
      },
    );

    it('a form of another site, which can send no JSON, changes nothing', async () => {
      const headers = { 'Content-Type': 'text/plain' };
      expect((await anna.ask('/api/restart', { ...restart, headers })).status).toBe(415);
    });

    it('no script of another site reads anything', async () => {
      for (const path of ['/api/live', '/api/processes', '/api/session', '/openapi.json'])
        expect((await anna.ask(path, { headers: { 'Sec-Fetch-Site': 'cross-site' } })).status).toBe(403);
      const { headers } = await anna.ask('/api/session');
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
      expect(headers['cache-control']).toBe('no-store');
    });

    it.each([
      'evil.example',
      `evil.example:${port}`,
      '10.0.0.5',
      'localhost.evil.example',
      'a b',
      '127.0.0.1@evil',
    ])('DNS rebinding: the Host "%s" gets nothing', async (host) => {
      for (const path of ['/', '/api/session', '/api/processes', '/nothing']) {
        expect((await new PageClient(port, { host }).ask(path)).status).toBe(421);
      }
    });

    it.each(['localhost', `LOCALHOST:${port}`, '127.0.0.1', `[::1]:${port}`])(
      'the Host %s is this host',
      async (host) => {
        expect((await new PageClient(port, { host }).ask('/api/session')).status).toBe(200);
      },
    );

    it('what comes through a proxy that nobody has told of shows nothing without a login', async () => {
      const answer = await new PageClient(port).ask('/api/processes', {
        headers: { 'X-Forwarded-For': '10.0.0.5' },
      });
      expect(answer.status).toBe(401);
    });

    it.each([
      '/assets/../web-users',
      '/assets/%2e%2e/main.js',
      '/assets/..%2f..%2fpackage.json',
      '/assets//etc/passwd',
      '/assets/%00',
      '/../../etc/passwd',
      '//evil.example/',
      '/assets',
      '/index.html',
      '/API/session',
      '/api/session/',
      '*',
      'http://evil.example/api/live',
    ])('the path %s leads nowhere', async (path) => {
      expect((await anna.ask(path)).status).toBe(404);
    });

    it('a body that is too long, or no JSON, or has more than it may, is refused', async () => {
      const long = await anna.ask('/api/pause', { body: { name: 'alpha', reason: 'x'.repeat(20_000) } });
      expect([long.status, long.json]).toMatchObject([413, { error: 'the body has more than 16384 bytes' }]);
      const forged = await anna.ask('/api/restart', { body: { name: 'alpha', by: 'root' } });
      expect(forged.status).toBe(400);
      expect((await anna.ask('/api/restart', { body: [] })).status).toBe(400);
    });

    it('session fixation: an id that the client had before is worth nothing after the login', async () => {
      const name = anna.cookie?.split('=')[0];
      const victim = new PageClient(port);
      victim.cookie = `${name}=chosen-by-the-attacker`;
      const answer = await victim.logIn('berta', PASSWORD);
      const [cookie = ''] = answer.headers['set-cookie'] ?? [];
      expect(cookie).toMatch(/^monitor_session_[0-9a-f]{8}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
      const attacker = new PageClient(port);
      attacker.cookie = `${name}=chosen-by-the-attacker`;
      expect((await attacker.ask('/api/session')).json).toMatchObject({ access: 'public' });
      attacker.cookie = `${victim.cookie}; ${name}=chosen`;
      expect((await attacker.ask('/api/session')).json).toMatchObject({ access: 'public' });
    });

    it('a new login ends the session that the browser had, a logout the one that it has', async () => {
      const first = new PageClient(port);
      await first.logIn('berta', PASSWORD);
      const second = new PageClient(port);
      second.cookie = first.cookie;
      await second.logIn('berta', PASSWORD);
      expect((await first.ask('/api/session')).json).toMatchObject({ access: 'public' });
      const out = await second.ask('/api/logout', { body: {} });
      expect(out.json).toMatchObject({ access: 'public' });
      expect(out.headers['set-cookie']?.[0]).toMatch(/^monitor_session_\w+=; Max-Age=0;/);
      const after = await second.ask('/api/session');
      expect(after.json).toMatchObject({ access: 'public' });
      expect(after.headers['set-cookie']?.[0]).toMatch(/^monitor_session_\w+=; Max-Age=0;/);
    });

    it('log injection: what a client says it is called writes no line and no password into the log', async () => {
      const mallory = new PageClient(port);
      const name = 'x\n2026-11-30 00:00:00.000 ERROR   alpha: forged\u001b[31m';
      const from = daemon.lines().length;
      expect((await mallory.ask('/api/login', { body: { user: name, password: 'x' } })).status).toBe(401);
      const { text: line } = await daemon.waitForLine(
        /a wrong password on the web page from 127\.0\.0\.1 \(uid 0\), /,
        {
          from,
        },
      );
      expect(line).toMatch(/for a name that no user has$/);
      expect(daemon.lines().join('\n')).not.toContain('forged');
    });

    it('wrong passwords are slowed down; who is logged in notices nothing', async () => {
      const mallory = new PageClient(port);
      const answers = await Promise.all(
        Array.from({ length: 20 }, () =>
          mallory.ask('/api/login', { body: { user: 'anna', password: 'guess' } }),
        ),
      );
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(1);
      const slowed = answers.find(({ status }) => status === 429);
      expect(Number(slowed?.headers['retry-after'])).toBeGreaterThanOrEqual(1);
      expect((await anna.ask('/api/session')).json).toMatchObject({ user: 'anna' });
    });

    describe('clients that take their time', () => {
      const open = async (): Promise<Socket> => {
        const socket = connect(port, '127.0.0.1').on('error', () => {});
        await once(socket, 'connect');
        return socket;
      };
      let noBody: Socket;
      let answer: Promise<string>;

      // It lasts as long as all the others, and goes on beside them.
      beforeAll(async () => {
        noBody = await open();
        noBody.write(
          `POST /api/login HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://127.0.0.1:${port}\r\n` +
            'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
        );
        answer = text(noBody);
        answer.catch(() => {});
      });
      afterAll(() => void noBody?.destroy());

      it('R13: 1,000 half-open connections cost the alarms and the commands nothing, and go by themselves', async () => {
        const sockets = await Promise.all(
          Array.from({ length: 1000 }, (_, index) =>
            open().then((socket) => {
              onTestFinished(() => void socket.destroy());
              if (index % 2 === 0) socket.write('GET /api/live HTTP/1.1\r\nHost: 127');
              return socket;
            }),
          ),
        );
        const closed = sockets.map(untilClosed);
        for (const socket of sockets) socket.resume();
        const from = daemon.lines().length;
        await scene.database.raise('alpha');
        await daemon.waitForLine(/alpha: alarm cleared/, { from });
        expect((await scene.status()).isRunning).toBe(true);
        await Promise.all(closed);
        expect((await anna.ask('/api/session')).json).toMatchObject({ user: 'anna' });
      });

      it('a body that does not come is not waited for', async () => {
        expect(await answer).toMatch(/^HTTP\/1\.1 408 /);
      });
    });

    it('at most 64 pages are open; the next one is told to come back', async () => {
      const pages = [];
      let refused: number | undefined;
      while (refused === undefined && pages.length < 70) {
        const message = await anna.open('/api/live');
        if (message.statusCode === 200) pages.push(message);
        else refused = message.statusCode;
      }
      expect([pages.length, refused]).toEqual([64, 429]);
      for (const page of pages) page.destroy();
      await expect
        .poll(async () => {
          const message = await anna.open('/api/live');
          message.destroy();
          return message.statusCode;
        })
        .toBe(200);
    });
  },
);
