import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

interface ReceivedPost {
  readonly method: string;
  readonly path: string;
  readonly contentType: string | undefined;
  readonly body: string;
}

/** A local HTTP server of one test that keeps what is posted to it. */
interface WebhookReceiver {
  readonly url: string;
  readonly posts: readonly ReceivedPost[];
  /** Waits until so many have come. */
  received(count: number): Promise<readonly ReceivedPost[]>;
}

/** `answer` decides on the post with this number, counted from 1; one that does nothing lets the client wait. */
export async function startWebhookReceiver(
  answer: (response: ServerResponse, count: number) => void = (response) => response.end(),
): Promise<WebhookReceiver> {
  const posts: ReceivedPost[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      posts.push({ method, path, contentType: headers['content-type'], body });
      for (const look of waiting) look();
      answer(response, posts.length);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hooks/T0ken-0123456789?key=K3y-0123456789`,
    posts,
    received: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (posts.length < count) return;
          waiting.delete(look);
          resolve(posts);
        };
        waiting.add(look);
        look();
      }),
  };
}
