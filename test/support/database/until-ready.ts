import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from 'mysql2/promise';

const READY_DEADLINE_MS = 120_000;
const READY_POLL_MS = 20;

/**
 * Waits until the server takes connections. It is ours, as nobody else's lets our random password in.
 *
 * @throws Error with the tail of its error log where it ends, or does not answer.
 */
export async function untilReady(
  connect: () => Promise<Connection>,
  exited: Promise<string>,
  directory: string,
): Promise<void> {
  const deadline = Date.now() + READY_DEADLINE_MS;
  let exit: string | undefined;
  void exited.then((how) => {
    exit = how;
  });
  for (;;) {
    try {
      const connection = await connect();
      await connection.end();
      return;
    } catch (error) {
      if (exit !== undefined || Date.now() > deadline) {
        const how = exit === undefined ? `does not answer: ${String(error)}` : `ended at start: ${exit}`;
        throw new Error(`the private server ${how}\n${await errorLogTail(directory)}`);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
  }
}

async function errorLogTail(directory: string): Promise<string> {
  const log = await readFile(join(directory, 'error.log'), 'utf8').catch(() => 'no error log');
  return log.split('\n').slice(-25).join('\n');
}
