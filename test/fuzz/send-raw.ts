import assert from 'node:assert/strict';
import { connect, type NetConnectOpts } from 'node:net';
import { untilClosed } from '../support/until-closed.js';

/** Longer than any answer takes; the servers themselves give up a client before. */
const DEADLINE_MS = 30_000;

/**
 * Sends bytes as they are, says that there are no more, and returns what comes back until the server closes. A server that
 * keeps the connection is at fault.
 */
export async function sendRaw(to: NetConnectOpts, bytes: string): Promise<string> {
  const socket = connect(to);
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    answer += chunk;
  });
  let isKept = false;
  const deadline = setTimeout(() => {
    isKept = true;
    socket.destroy();
  }, DEADLINE_MS);
  socket.end(bytes);
  await untilClosed(socket);
  clearTimeout(deadline);
  assert(!isKept, `the server keeps the connection; it answered ${JSON.stringify(answer)}`);
  return answer;
}
