import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { postWebhook, WebhookError } from '../../../src/telemetry/notify/post-webhook.js';
import { freePort } from '../../support/database/free-port.js';
import { makeOwnCertificate } from '../../support/own-certificate.js';
import { createWorkspace } from '../../support/restart/workspace.js';
import { startWebhookReceiver } from '../../support/telemetry/webhook-receiver.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const BODY = '{"event":"failed"}';

function post(url: string, { timeoutMs = 10_000, signal = new AbortController().signal } = {}) {
  return postWebhook(url, BODY, { timeoutMs, signal });
}

async function failureOf(posting: Promise<void>): Promise<WebhookError> {
  const error: unknown = await posting.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof WebhookError)) throw new Error(`no WebhookError but ${String(error)}`);
  return error;
}

describe('postWebhook', () => {
  it('posts the JSON, with path and query of the address', async () => {
    const receiver = await startWebhookReceiver((response) => response.writeHead(204).end());
    await post(receiver.url);
    const { pathname, search } = new URL(receiver.url);
    expect(receiver.posts).toEqual([
      { method: 'POST', path: `${pathname}${search}`, contentType: 'application/json', body: BODY },
    ]);
  });

  it('tries again where the other side is in trouble', async () => {
    const receiver = await startWebhookReceiver((response, count) =>
      response.writeHead(count < 3 ? 503 : 200).end('busy'),
    );
    await post(receiver.url);
    expect(receiver.posts).toHaveLength(3);
  });

  it('three tries are all, and the failure names no address (R24)', async () => {
    const receiver = await startWebhookReceiver((response) => response.writeHead(500).end());
    const { message } = await failureOf(post(receiver.url));
    expect(message).toBe('the answer has status 500');
    expect(receiver.posts).toHaveLength(3);
  });

  it('a refusal is final', async () => {
    const receiver = await startWebhookReceiver((response) => response.writeHead(403).end());
    const { message, remedy } = await failureOf(post(receiver.url));
    expect([message, remedy]).toEqual(['the answer has status 403', 'check webhook in [notify]']);
    expect(receiver.posts).toHaveLength(1);
  });

  it('R24: a redirect is not followed: the token is meant for this host alone', async () => {
    const other = await startWebhookReceiver();
    const receiver = await startWebhookReceiver((response) =>
      response.writeHead(307, { Location: other.url }).end(),
    );
    const { message } = await failureOf(post(receiver.url));
    expect(message).toBe('the answer is a redirect (status 307), which is not followed');
    expect(other.posts).toEqual([]);
  });

  it('R16: each try has a deadline, whatever is collected as garbage meanwhile', async () => {
    const receiver = await startWebhookReceiver(() => {});
    const collecting = setInterval(collectGarbage, 50);
    onTestFinished(() => clearInterval(collecting));
    const { message } = await failureOf(post(receiver.url, { timeoutMs: 500 }));
    expect(message).toBe('no answer within 0.5 s');
    expect(receiver.posts).toHaveLength(3);
  });

  it('R24: nobody listens: the failure says so without the address', async () => {
    const { message } = await failureOf(post(`http://127.0.0.1:${await freePort()}/hooks/T0ken-0123456789`));
    expect(message).toBe('cannot reach it: ECONNREFUSED');
  });

  it('R24: TLS is as this host trusts it: a certificate of its own is refused until the host trusts it', async () => {
    const workspace = await createWorkspace();
    onTestFinished(() => workspace.remove());
    const { key, cert, file } = await makeOwnCertificate(workspace.directory);
    const server = createServer({ key, cert }, (_, response) => response.writeHead(200).end());
    server.listen(0, 'localhost');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const url = `https://localhost:${port}/hooks/T0ken-0123456789`;
    const { message } = await failureOf(post(url));
    expect(message).toBe('cannot reach it: DEPTH_ZERO_SELF_SIGNED_CERT');
    onTestFinished(() => void delete process.env.SSL_CERT_FILE);
    process.env.SSL_CERT_FILE = file;
    await post(url);
  });

  it('leaving ends the try that runs, and there is no other', async () => {
    const controller = new AbortController();
    const receiver = await startWebhookReceiver(() => controller.abort());
    const { message } = await failureOf(post(receiver.url, { signal: controller.signal }));
    expect(message).toBe('given up, the service stops');
    expect(receiver.posts).toHaveLength(1);
  });

  it('R16: a change of the protocol, which nobody asked for, is no answer: nothing waits for ever', async () => {
    const receiver = await startWebhookReceiver(({ socket }) => {
      socket?.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
    });
    const { message } = await failureOf(post(receiver.url, { timeoutMs: 500 }));
    expect(message).toBe('it closes the connection without an answer');
    expect(receiver.posts).toHaveLength(3);
  });

  it('a body that never ends holds nothing up', async () => {
    const receiver = await startWebhookReceiver((response) => {
      response.writeHead(200).write('and so on');
    });
    await post(receiver.url);
    expect(receiver.posts).toHaveLength(1);
  });
});
