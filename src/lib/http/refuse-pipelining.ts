import type { RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Cuts off a client that sends a request before the one before is answered (pipelining). Else one packet could order a
 * thousand answers, all of which are computed and kept for a reader who may never read. No browser, proxy or client of
 * ours does it.
 */
export function refusePipelining(answer: RequestListener): RequestListener {
  const unfinished = new WeakMap<Socket, readonly ServerResponse[]>();
  return (message, response) => {
    const { socket } = message;
    // The rest of the packet is still parsed, and its requests come here.
    if (socket.destroyed) return;
    const before = (unfinished.get(socket) ?? []).filter(({ writableFinished }) => !writableFinished);
    // One that has ended may have been read: with TLS Node.js learns a moment later that all of it was written.
    if (before.length > 1 || before.some(({ writableEnded }) => !writableEnded)) {
      for (const each of before) each.destroy();
      socket.destroy();
      return;
    }
    unfinished.set(socket, [...before, response]);
    answer(message, response);
  };
}
