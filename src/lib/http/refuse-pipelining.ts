import type { RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Cuts off a client that sends a request before the answer to the one before has been taken by the kernel (pipelining). Else one
 * packet could order a thousand answers, all of which are computed and kept for a reader who may never read. No browser, proxy or
 * client of ours does it.
 */
export function refusePipelining(answer: RequestListener): RequestListener {
  const last = new WeakMap<Socket, ServerResponse>();
  return (message, response) => {
    const { socket } = message;
    // The rest of the packet is still parsed, and its requests come here.
    if (socket.destroyed) return;
    const before = last.get(socket);
    if (before && !before.writableFinished) {
      before.destroy();
      socket.destroy();
      return;
    }
    last.set(socket, response);
    answer(message, response);
  };
}
