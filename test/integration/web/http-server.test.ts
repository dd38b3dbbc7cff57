import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Subject } from 'rxjs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { closeServer, createHttpServer, listenOn } from '../../../src/lib/http/http-server.js';
import type { Reply } from '../../../src/lib/http/route.js';
import { createRouter } from '../../../src/lib/http/router.js';
import { freePort } from '../../support/database/free-port.js';
import { createWorkspace } from '../../support/restart/workspace.js';
import { untilClosed } from '../../support/until-closed.js';
import { makeCertificate } from '../../support/web/make-certificate.js';

async function open(answer: () => Promise<Reply>, tls?: { readonly cert: string; readonly key: string }) {
  let answered = 0;
  const server = createHttpServer({
    answer: createRouter({
      routes: [
        {
          ...{ method: 'GET', path: '/' },
          answer: () => {
            answered += 1;
            return answer();
          },
        },
      ],
      describeFailure: (error) => ({ status: 500, body: String(error) }),
    }),
    ...{ maxConnections: 10, keepAliveTimeout: 5000, ...(tls && { tls }) },
  });
  const port = await freePort();
  await listenOn(server, '127.0.0.1', port);
  onTestFinished(() => closeServer(server));
  return { server, port, answered: () => answered };
}

const LONG: Reply = { kind: 'text', text: 'x'.repeat(50_000), contentType: 'text/plain' };

it('R13: one packet of a thousand requests orders no thousand answers', async () => {
  const { port, answered } = await open(async () => LONG);
  const greedy = connect(port, '127.0.0.1').on('error', () => {});
  onTestFinished(() => void greedy.destroy());
  greedy.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(1000));
  await untilClosed(greedy.resume());
  expect(answered()).toBe(0);
});

it('a client that goes on asking without reading is cut off', async () => {
  const { server, port, answered } = await open(async () => ({ ...LONG, text: 'x'.repeat(20_000_000) }));
  const deaf = connect(port, '127.0.0.1').on('error', () => {});
  onTestFinished(() => void deaf.destroy());
  deaf.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  deaf.pause();
  const [accepted] = await once(server, 'connection');
  await expect.poll(answered).toBe(1);
  deaf.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(100));
  await untilClosed(accepted);
  expect(answered()).toBeLessThanOrEqual(2);
});

describe('a connection is kept for one request after the other', () => {
  it.each(['HTTP', 'HTTPS'])('by %s', async (protocol) => {
    const tls = protocol === 'HTTPS' ? await certificate() : undefined;
    const { server, port, answered } = await open(async () => LONG, tls);
    const options = { keepAlive: true, maxSockets: 1 };
    const agent = tls ? new HttpsAgent({ ...options, ca: tls.cert }) : new Agent(options);
    onTestFinished(() => agent.destroy());
    let connections = 0;
    server.on(tls ? 'secureConnection' : 'connection', () => {
      connections += 1;
    });
    for (let count = 0; count < 100; count += 1) {
      const method = count % 10 === 0 ? 'HEAD' : 'GET';
      const asking = (tls ? httpsRequest : request)({ host: 'localhost', family: 4, port, agent, method });
      asking.end();
      const [message] = await once(asking, 'response');
      await text(message);
    }
    expect([connections, answered()]).toEqual([1, 100]);
  });

  async function certificate() {
    const workspace = await createWorkspace();
    onTestFinished(() => workspace.remove());
    const { cert, keyFile } = await makeCertificate((name) => workspace.path(name));
    return { cert, key: await readFile(keyFile, 'utf8') };
  }
});

it('who takes nothing of an answer for a minute is cut off, except where there may be long silences', async () => {
  const lines = new Subject<object>();
  const { server, port } = await open(async () => ({ kind: 'lines', lines }));
  expect(server.timeout).toBe(60_000);
  const accepted = once(server, 'connection');
  const [message] = await once(request({ host: '127.0.0.1', port }).end(), 'response');
  const [socket] = await accepted;
  expect(socket.timeout).toBe(0);
  lines.next({ at: 1 });
  lines.complete();
  expect(await text(message)).toBe('{"at":1}\n');
  // The last of it must be taken as well.
  expect(socket.timeout).toBeGreaterThan(0);
});
