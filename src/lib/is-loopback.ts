import { isIP } from 'node:net';

/** Whether only this host can reach an address that a server listens on, or a client comes from. IPv6 without brackets. */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(host)?.[1] ?? host;
  if (isIP(mapped) === 4) return mapped.startsWith('127.');
  return isIP(host) === 6 && new URL(`http://[${host}]`).hostname === '[::1]';
}
