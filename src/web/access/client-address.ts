import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { isLoopback } from '../../lib/is-loopback.js';

/**
 * The address of the client, for the log and for slowing down. Behind a proxy on this host (`[web] hostname` is set) the last
 * address of X-Forwarded-For counts: the proxy has appended it, and what stands before it is the client's own word.
 */
export function clientAddress({ socket, headers }: IncomingMessage, hostname: string | undefined): string {
  const peer = (socket.remoteAddress ?? 'unknown').replace(/^::ffff:(?=\d+\.)/, '');
  if (hostname === undefined || !isLoopback(peer)) return peer;
  const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',').at(-1)?.trim() ?? '';
  return isIP(forwarded) === 0 ? peer : forwarded;
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
