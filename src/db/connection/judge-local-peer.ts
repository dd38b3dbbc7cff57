import { Socket } from 'node:net';
import { readAccountUids } from '../../lib/account-uids.js';
import { readPeerOwner } from '../../lib/peer-owner.js';

/** The accounts of database servers. A process of root can read the password anyway. */
const SERVER_ACCOUNTS: ReadonlySet<string> = new Set(['mysql', 'mariadb']);

/**
 * Whether the other end of a connection on this machine can be the database server: a Unix socket, which was judged before,
 * or a TCP socket of root, of our own user or of the server's account. While the server is down, any local user can listen
 * at its port. What cannot be told is a no (R27).
 */
export async function isPeerServer(stream: unknown): Promise<boolean> {
  if (!(stream instanceof Socket)) return false;
  if (stream.remotePort === undefined) return true;
  try {
    const uid = await readPeerOwner(stream);
    if (uid === undefined) return false;
    return uid === 0 || uid === process.getuid?.() || (await readAccountUids(SERVER_ACCOUNTS)).has(uid);
  } catch {
    return false;
  }
}
