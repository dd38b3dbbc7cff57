import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { readAccountUids } from '../../lib/account-uids.js';
import { isLoopback } from '../../lib/is-loopback.js';
import { readPeerOwner } from '../../lib/peer-owner.js';

/** Who sends a request, as far as that can be known without a login. */
export interface Client {
  /** What counts as one client when wrong passwords are slowed down. */
  readonly key: string;
  /** For the log. */
  readonly address: string;
}

interface ProxySettings {
  /** The account of the proxy on this host. */
  readonly proxyUser?: string;
}

/**
 * Who sends this request. All users of this host have its address, and each has a whole network of them on the
 * loopback: they are told apart by their numbers. If the other end is a process of the proxy's account, or of root, the
 * last address of X-Forwarded-For counts: the proxy has appended it, and what stands before it is the client's own
 * word. Never rejects.
 */
export async function findClient(
  { socket, headers }: IncomingMessage,
  { proxyUser }: ProxySettings,
  readOwner = readPeerOwner,
): Promise<Client> {
  const address = (socket.remoteAddress ?? 'unknown').replace(/^::ffff:(?=\d+\.)/, '');
  if (!isLoopback(address) && socket.remoteAddress !== socket.localAddress)
    return { key: networkOf(address), address };
  const uid = await readOwner(socket);
  if (uid === undefined) return { key: 'an unknown user of this host', address };
  if (proxyUser !== undefined && (await isProxy(uid, proxyUser))) {
    const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',').at(-1)?.trim() ?? '';
    if (isIP(forwarded) !== 0) return { key: networkOf(forwarded), address: forwarded };
  }
  return { key: `uid ${uid}`, address: `${address} (uid ${uid})` };
}

async function isProxy(uid: number, proxyUser: string): Promise<boolean> {
  if (uid === 0) return true;
  const uids = await readAccountUids(new Set([proxyUser])).catch(() => new Set());
  return uids.has(uid);
}

/** Whether the request has come through a proxy, and so perhaps from another host. */
export function isForwarded({ headers }: IncomingMessage): boolean {
  return ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'].some(
    (name) => headers[name] !== undefined,
  );
}

/** What counts as one client: an IPv6 network has more addresses than could be kept. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('::');
  const front = head.split(':').filter((part) => part !== '');
  const back = (tail ?? '').split(':').filter((part) => part !== '');
  const missing = tail === undefined ? 0 : 8 - front.length - back.length;
  const groups = [...front, ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...back];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
