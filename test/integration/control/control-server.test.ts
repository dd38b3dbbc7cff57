import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Observable, of, Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { askService, ControlClientError, followService } from '../../../src/control/control-client.js';
import { ControlError } from '../../../src/control/control-error.js';
import { type ControlServer, openControlServer } from '../../../src/control/control-server.js';
import type { Reply, Route } from '../../../src/lib/http/route.js';
import { untilClosed } from '../../support/until-closed.js';

const ANY = z.unknown();
const LONG = 'x'.repeat(20_000);

describe('the control socket', () => {
  let directory: string;
  let path: string;
  const open: ControlServer[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'monitor_service-control-'));
    path = join(directory, 'control.sock');
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((server) => server.close()));
    await rm(directory, { recursive: true });
  });

  const listen = async (routes: readonly Route[] = [], where = path): Promise<ControlServer> => {
    const server = await openControlServer({ path: where, routes, onFailure: () => {} });
    open.push(server);
    return server;
  };
  const route = (method: 'GET' | 'POST', where: string, answer: (body: unknown) => Reply): Route => ({
    method,
    path: where,
    answer: async (body) => answer(body),
  });
  const echo = route('POST', '/echo', (body) => ({ kind: 'json', value: { body } }));

  it('R24: is for nobody else, whatever the umask, in a folder for nobody else', async () => {
    const before = process.umask(0);
    try {
      await listen([], join(directory, 'new', 'control.sock'));
    } finally {
      process.umask(before);
    }
    expect((await stat(join(directory, 'new', 'control.sock'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(directory, 'new'))).mode & 0o777).toBe(0o700);
    expect(process.umask()).toBe(before);
  });

  it('is removed at the end', async () => {
    const server = await listen();
    expect(await readdir(directory)).toEqual(['control.sock']);
    await server.close();
    expect(await readdir(directory)).toEqual([]);
  });

  it('takes the place of one that a dead service left', async () => {
    const child = spawn(process.execPath, [
      '-e',
      `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`,
    ]);
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
    expect((await stat(path)).isSocket()).toBe(true);
    await listen([echo]);
    expect(await askService(path, 'POST', '/echo', {}, ANY)).toEqual({ body: {} });
  });

  it('never takes the place of a living one, be it as silent as it may', async () => {
    const other: Server = createServer().listen(path);
    await once(other, 'listening');
    await expect(listen()).rejects.toThrow(`another monitor_service listens on ${path}`);
    const probe = connect(path);
    await once(probe, 'connect');
    probe.destroy();
    other.close();
    await once(other, 'close');
  });

  it('leaves a file that is no socket alone', async () => {
    await writeFile(path, 'mine');
    await expect(listen()).rejects.toThrow(`${path} is not a socket`);
    expect((await stat(path)).isFile()).toBe(true);
  });

  it('says why where it cannot be made', async () => {
    await writeFile(join(directory, 'file'), '');
    await expect(listen([], join(directory, 'file', 'control.sock'))).rejects.toThrow(/control\.sock: /);
  });

  it('answers in JSON, text or lines, as the route does', async () => {
    await listen([
      echo,
      route('GET', '/text', () => ({
        kind: 'text',
        text: 'a 1\n',
        contentType: 'text/plain; version=0.0.4',
      })),
      route('POST', '/lines', () => ({ kind: 'lines', lines: of({ a: 1 }, { a: 2 }) })),
    ]);
    expect(await askService(path, 'POST', '/echo?x=1', { a: 'é' }, ANY)).toEqual({ body: { a: 'é' } });
    expect(await raw('GET /text HTTP/1.0\r\n\r\n')).toMatch(
      /^HTTP\/1.1 200 OK\r\nContent-Type: text\/plain; version=0.0.4\r\n.*\r\n\r\na 1\n$/s,
    );
    const lines = [];
    for await (const line of followService(path, '/lines', {}, ANY)) lines.push(line);
    expect(lines).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it.each([
    ['an unknown path', 'POST /nothing HTTP/1.0\r\n\r\n', 404, 'this path does not exist'],
    ['a method that the path does not take', 'GET /echo HTTP/1.0\r\n\r\n', 405, '/echo accepts POST only'],
    [
      'a body that is no JSON',
      'POST /echo HTTP/1.0\r\nContent-Length: 3\r\n\r\n{a}',
      400,
      'the body is not JSON',
    ],
    [
      'a body that is too long',
      `POST /echo HTTP/1.0\r\nContent-Length: 5000000\r\n\r\n${LONG}`,
      413,
      'more than 16384 bytes',
    ],
    ['a fault of ours', 'GET /broken HTTP/1.0\r\n\r\n', 500, 'oh no'],
    ['a refusal', 'GET /busy HTTP/1.0\r\n\r\n', 409, 'not now'],
    ['headers that are too long', `GET /echo HTTP/1.0\r\nX: ${LONG}\r\n\r\n`, 431, ''],
    ['what is no HTTP', 'no HTTP at all\r\n\r\n', 400, ''],
  ])('answers %s by its status, and goes on', async (_, request, status, error) => {
    await listen([
      echo,
      route('GET', '/broken', () => {
        throw new Error('oh no');
      }),
      route('GET', '/busy', () => {
        throw new ControlError(409, 'not now', 'wait');
      }),
    ]);
    const answer = await raw(request);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain(error);
    expect(await askService(path, 'POST', '/echo', {}, ANY)).toEqual({ body: {} });
  });

  it('takes no more connections than it can bear, and goes on when they have gone', async () => {
    await listen([echo]);
    const clients = Array.from({ length: 100 }, () => connect(path).on('error', () => {}));
    await Promise.all(clients.slice(64).map(untilClosed));
    for (const client of clients) client.destroy();
    await expect
      .poll(() => askService(path, 'POST', '/echo', {}, ANY).catch(() => undefined))
      .toEqual({ body: {} });
  });

  it('leaves what sends lines when who asked has left', async () => {
    const left = new Subject<void>();
    const lines = new Observable<unknown>((subscriber) => {
      subscriber.next({ a: 1 });
      return () => left.next();
    });
    await listen([route('POST', '/lines', () => ({ kind: 'lines', lines }))]);
    const hasLeft = new Promise<void>((resolve) => left.subscribe(() => resolve()));
    for await (const line of followService(path, '/lines', {}, ANY)) {
      expect(line).toEqual({ a: 1 });
      break;
    }
    await hasLeft;
  });

  it('ends lines that have no end when it is closed, and who reads them is not left waiting', async () => {
    const server = await listen([
      route('POST', '/lines', () => ({ kind: 'lines', lines: new Observable((s) => s.next(1)) })),
    ]);
    const seen = [];
    for await (const line of followService(path, '/lines', {}, ANY)) {
      seen.push(line);
      await server.close();
    }
    expect(seen).toEqual([1]);
  });

  it('a change of the protocol is no answer for a client: it does not wait for ever', async () => {
    const other = createServer((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
      });
    }).listen(path);
    await once(other, 'listening');
    await expect(askService(path, 'GET', '/status', undefined, ANY)).rejects.toThrow(
      'the connection to the service failed: it was closed without an answer',
    );
    other.close();
  });

  it('R24: tells a client what is the matter', async () => {
    const failure = (where = path): Promise<unknown> =>
      askService(where, 'POST', '/echo', {}, z.object({ body: z.string() })).catch((error: unknown) =>
        error instanceof ControlClientError ? error.failure : error,
      );
    expect(await failure()).toBe('absent');
    await writeFile(join(directory, 'file'), '');
    expect(await failure(join(directory, 'file'))).toBe('absent');
    await listen([echo]);
    expect(await failure()).toBe('broken');
    await expect(askService(path, 'GET', '/echo', undefined, ANY)).rejects.toMatchObject({
      failure: 'refused',
    });
  });

  async function raw(request: string): Promise<string> {
    const client = connect(path);
    let answer = '';
    client.setEncoding('utf8').on('data', (chunk: string) => {
      answer += chunk;
    });
    client.write(request);
    // The server does not read all of what is too long, so the end may be a reset.
    await untilClosed(client);
    return answer;
  }
});
