import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the ports that the kernel gives to outgoing connections: else a client could sit on the port while the
// server restarts, or, polling a port where nobody listens, connect to itself.
const LOWEST = 15_000;
const HIGHEST = 32_000;
/**
 * The processes of a test run choose from ports of their own: another one could take the port between our look and the start
 * of the server that gets it.
 */
const SHARES = 17;
const SHARE = (HIGHEST - LOWEST) / SHARES;

const given = new Set<number>();

/** A loopback port where nobody listens now, and that nobody else in this test run is given. */
export async function freePort(): Promise<number> {
  const [lowest, highest] = shareOf(process.env.VITEST_POOL_ID, process.ppid);
  for (;;) {
    const port = randomInt(lowest, highest);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

/** Of the worker with this number in the run of this process; everything outside of a run. */
function shareOf(worker: string | undefined, run: number): readonly [lowest: number, highest: number] {
  if (worker === undefined) return [LOWEST, HIGHEST];
  const lowest = LOWEST + ((run + Number(worker)) % SHARES) * SHARE;
  return [lowest, lowest + SHARE];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
