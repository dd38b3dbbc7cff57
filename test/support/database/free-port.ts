import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ListenOptions, type Server } from 'node:net';

// Below the ports that the kernel gives to outgoing connections: else a client could sit on the port while the
// server restarts, or, polling a port where nobody listens, connect to itself.
const LOWEST = 15_000;
const HIGHEST = 32_000;

/**
 * A loopback port where nobody listens now, and which nobody else is given who asks here, in whichever process, until this
 * process ends: a test must not take the port of a server that another one has killed and will start again.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST);
    if ((await reserve(port)) && (await isFree(port))) return port;
  }
}

/** By a name that the kernel gives to one process, and takes back when that has ended, however it did. */
async function reserve(port: number): Promise<boolean> {
  const holder = createServer();
  const isOurs = await listens(holder, { path: `\0monitor_service-port-${port}` });
  holder.unref();
  return isOurs;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    return await listens(server, { port, host: '127.0.0.1' });
  } finally {
    server.close();
  }
}

async function listens(server: Server, where: ListenOptions): Promise<boolean> {
  try {
    server.listen(where);
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  }
}
