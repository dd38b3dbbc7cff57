import { once } from 'node:events';
import { chmod } from 'node:fs/promises';
import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import type { Snapshot } from '../../../src/web/contract/live.js';
import { freePort } from '../../support/database/free-port.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { oneServerKind } from '../../support/service/server-kinds.js';
import { makeCertificate } from '../../support/web/make-certificate.js';
import { PageClient } from '../../support/web/page-client.js';
import { PASSWORD, webSection, writeUsers } from '../../support/web/web-scene.js';

describeOnServers('the page across reloads and restarts', oneServerKind, ({ open }) => {
  it('R22: a reload keeps sessions, and ends those of users who are gone or have another password', async () => {
    const scene = await open('alpha');
    const { port, config } = await webSection(scene);
    await writeUsers(scene, { anna: PASSWORD, berta: PASSWORD, carla: PASSWORD });
    const daemon = await scene.launch(config);
    await daemon.waitForLine(/the page is at/);
    const names = ['anna', 'berta', 'carla'];
    const clients = await Promise.all(
      names.map(async (name) => {
        const client = new PageClient(port);
        // From one address, one password is checked at a time.
        await expect.poll(async () => (await client.logIn(name, PASSWORD)).status).toBe(200);
        return client;
      }),
    );
    const lives = await Promise.all(clients.map((client) => client.live()));
    await Promise.all(lives.map((live) => live.waitFor('snapshot')));
    // The same password with another salt is another hash: anna is written first, and kept as she is.
    const { readFile, writeFile } = await import('node:fs/promises');
    const [anna = ''] = (await readFile(scene.path('web-users'), 'utf8')).split('\n');
    await writeUsers(scene, { berta: 'another password' });
    const berta = await readFile(scene.path('web-users'), 'utf8');
    await writeFile(scene.path('web-users'), `${anna}\n${berta}`);
    await daemon.reload(config);
    expect(await lives[1]?.waitFor('bye')).toEqual({ reason: 'session-over' });
    expect(await lives[2]?.waitFor('bye')).toEqual({ reason: 'session-over' });
    await lives[2]?.ended;
    const access = await Promise.all(clients.map(async (client) => (await client.ask('/api/session')).json));
    expect(access).toMatchObject([{ user: 'anna' }, { access: 'public' }, { access: 'public' }]);
    expect(lives[0]?.message.closed).toBe(false);
    lives[0]?.close();
  });

  it('R22: a restart ends all sessions, and tells the open pages', async () => {
    const scene = await open('alpha');
    const { port, config } = await webSection(scene);
    const first = await scene.launch(config);
    await first.waitForLine(/the page is at/);
    const anna = new PageClient(port);
    await anna.logIn('anna', PASSWORD);
    const live = await anna.live();
    await live.waitFor('snapshot');
    expect((await first.stop()).code).toBe(0);
    expect(await live.waitFor('bye')).toEqual({ reason: 'stopping' });
    await live.ended;
    const second = await scene.launch(config);
    await second.waitForLine(/the page is at/);
    expect((await anna.ask('/api/session')).json).toMatchObject({ access: 'public' });
    expect((await anna.ask('/api/pause', { body: {} })).status).toBe(401);
  });

  it('R13, R22: a port that is taken is a warning; a reload tries again, moves the page, and takes it away', async () => {
    const scene = await open('alpha');
    const taken = createServer();
    // None that the kernel could give to a client when it is free again.
    const inTheWay = await freePort();
    taken.listen(inTheWay, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const section = { web: { listen: `127.0.0.1:${inTheWay}` } };
    const daemon = await scene.launch(section);
    await daemon.waitForLine(/WARNING .*cannot offer the page: .*EADDRINUSE/);
    await scene.database.raise(1);
    await daemon.cleared('alpha');
    // What was in its way is gone, and nothing of the file has changed.
    taken.close();
    await once(taken, 'close');
    const from = daemon.lines().length;
    await daemon.reload(section);
    await daemon.waitForLine(/the page is at/, { from });
    const port = await freePort();
    await daemon.reload({ web: { listen: `127.0.0.1:${port}` } });
    expect((await new PageClient(port).ask('/api/session')).json).toMatchObject({
      access: 'public',
      canLogIn: false,
    });
    const login = await new PageClient(port).logIn('anna', PASSWORD);
    expect([login.status, login.json]).toMatchObject([409, { error: 'there are no users' }]);
    await daemon.reload({});
    await expect(new PageClient(port).ask('/api/session')).rejects.toThrow('ECONNREFUSED');
  });

  it('R13: a password file that others may read costs the page, and nothing else', async () => {
    const scene = await open('alpha');
    const { config } = await webSection(scene);
    await chmod(scene.path('web-users'), 0o644);
    const daemon = await scene.launch(config);
    await daemon.waitForLine(
      /ERROR .*web\.password_file: every user may read .*; until then there is no page/,
    );
    await scene.database.raise(1);
    await daemon.cleared('alpha');
    const { stdout } = await scene.run('check', '--no-health');
    expect(stdout).toMatch(/web\.password_file: every user may read/);
  });

  it('with a hostname, as behind a proxy, nothing is shown without a login', async () => {
    const scene = await open('alpha');
    const { port, config } = await webSection(scene, { hostname: 'page.example.com', proxy_user: 'root' });
    const daemon = await scene.launch(config);
    await daemon.waitForLine(/the page is at/);
    const through = new PageClient(port, { host: 'page.example.com' });
    expect((await through.ask('/api/session')).json).toEqual({ access: 'none', canLogIn: true });
    for (const path of ['/api/live', '/api/processes', '/api/charts', '/openapi.json'])
      expect((await through.ask(path)).status).toBe(401);
    expect((await new PageClient(port).ask('/api/processes')).status).toBe(401);
    const plain = await through.logIn('anna', PASSWORD);
    expect([plain.status, plain.json]).toMatchObject([403, { error: 'the page is not reached by HTTPS' }]);
    const answer = await through.ask('/api/login', {
      body: { user: 'anna', password: 'wrong' },
      headers: { Origin: 'https://page.example.com', 'X-Forwarded-For': '192.0.2.1, 192.0.2.77' },
    });
    expect(answer.status).toBe(401);
    // What the proxy has appended counts, not what the client has sent.
    await daemon.waitForLine(/a wrong password on the web page from 192\.0\.2\.77, for anna/);
    const right = await through.ask('/api/login', {
      body: { user: 'anna', password: PASSWORD },
      headers: { Origin: 'https://page.example.com' },
    });
    expect([right.status, right.headers['set-cookie']?.[0]]).toEqual([
      200,
      expect.stringMatching(/; Secure$/),
    ]);
  });

  it('off the loopback it speaks TLS, and shows nothing without a login', async () => {
    const scene = await open('alpha');
    const { certFile, keyFile, cert } = await makeCertificate(scene.path);
    const { port, config } = await webSection(scene, { tls_cert: certFile, tls_key: keyFile });
    const web = { ...config.web, listen: `0.0.0.0:${port}` };
    const daemon = await scene.launch({ web });
    await daemon.waitForLine(/the page is at https:\/\/0\.0\.0\.0:/);
    const client = new PageClient(port, { ca: cert });
    expect((await client.ask('/api/session')).json).toEqual({ access: 'none', canLogIn: true });
    expect((await client.ask('/api/live')).status).toBe(401);
    const answer = await client.logIn('anna', PASSWORD);
    expect(answer.headers['set-cookie']?.[0]).toMatch(/; HttpOnly; SameSite=Strict; Secure$/);
    const live = await client.live();
    expect(await live.waitFor<Snapshot>('snapshot')).toMatchObject({ user: 'anna' });
    live.close();
    expect(
      (await new PageClient(port, { ca: cert, host: `page.example.com:${port}` }).ask('/api/session')).status,
    ).toBe(200);
    expect((await new PageClient(port, { ca: cert, host: 'evil.example' }).ask('/api/session')).status).toBe(
      421,
    );
    await expect(new PageClient(port).ask('/api/session')).rejects.toThrow();
  });
});
