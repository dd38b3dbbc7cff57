import { readFile } from 'node:fs/promises';
import { Socket } from 'node:net';

/** The accounts of database servers. A process of root can read the password anyway. */
const SERVER_ACCOUNTS: ReadonlySet<string> = new Set(['mysql', 'mariadb']);
const ESTABLISHED = '01';

/**
 * Whether the other end of a connection on this machine can be the database server: a Unix socket, which was judged before,
 * or a TCP socket of root, of our own user or of the server's account. While the server is down, any local user can listen
 * at its port. What cannot be told is a no (R27).
 */
export async function isPeerServer(stream: unknown): Promise<boolean> {
  if (!(stream instanceof Socket)) return false;
  const { localPort, remotePort } = stream;
  if (remotePort === undefined) return true;
  if (localPort === undefined) return false;
  try {
    const tables = await Promise.all(
      ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'latin1').catch(() => '')),
    );
    const uid = ownerOf(tables.join('\n'), remotePort, localPort);
    if (uid === undefined) return false;
    return uid === 0 || uid === process.getuid?.() || (await serverUids()).has(uid);
  } catch {
    return false;
  }
}

/**
 * The user of the socket with this local port whose other end has this remote port, by the text of /proc/net/tcp. Undefined
 * if there is none, or if it is not connected any more: the kernel shows such sockets as those of root.
 */
export function ownerOf(table: string, localPort: number, remotePort: number): number | undefined {
  const [local, remote] = [localPort, remotePort].map((port) =>
    port.toString(16).toUpperCase().padStart(4, '0'),
  );
  const owners = table.split('\n').flatMap((line) => {
    const [, here = '', there = '', state, , , , uid] = line.trim().split(/\s+/);
    const isMeant = here.endsWith(`:${local}`) && there.endsWith(`:${remote}`) && state === ESTABLISHED;
    return isMeant ? [Number(uid)] : [];
  });
  // The ports of another pair of addresses can be the same.
  return owners.length === 1 ? owners[0] : undefined;
}

async function serverUids(): Promise<ReadonlySet<number>> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  return new Set(lines.flatMap(([name = '', , uid]) => (SERVER_ACCOUNTS.has(name) ? [Number(uid)] : [])));
}
