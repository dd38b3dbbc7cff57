import type { Socket } from 'node:net';

/**
 * Resolves when a connection is over, be it by an end or by a reset. `once(socket, 'close')` rejects at a reset, which is
 * what a client learns of a server that closes while something is on its way to it; whether anything is, is a race.
 */
export async function untilClosed(socket: Socket): Promise<void> {
  if (socket.closed) return;
  await new Promise<void>((resolve) => {
    socket.on('error', () => {}).once('close', () => resolve());
  });
}
