import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Endpoint, ownerOf, readPeerOwner } from '../../../src/lib/peer-owner.js';

describe('the owner of the other end of a connection', () => {
  const line = (local: string, remote: string, uid: number, state = '01'): string =>
    `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000  ${uid}        0 12345 1\n`;
  const at = (address: string, port: number): Endpoint => ({ address, port });
  const OURS = '0100007F:0CEA';
  const THEIRS = '0100007F:A1B2';
  const [ours, theirs] = [at('127.0.0.1', 3306), at('127.0.0.1', 0xa1b2)];

  it('is that of a connection, not of a socket that has been left', () => {
    expect(ownerOf(line(OURS, THEIRS, 999), ours, theirs)).toBe(999);
    expect(ownerOf(line(OURS, THEIRS, 999), theirs, ours)).toBeUndefined();
    expect(ownerOf(line(OURS, THEIRS, 0, '06'), ours, theirs)).toBeUndefined();
    expect(ownerOf(line(OURS, THEIRS, 0) + line(OURS, THEIRS, 1000), ours, theirs)).toBeUndefined();
  });

  it('is told by addresses and ports: another user can take the same port of another address', () => {
    const table = line('0200007F:0CEA', THEIRS, 1000) + line(OURS, THEIRS, 999);
    expect(ownerOf(table, ours, theirs)).toBe(999);
    expect(ownerOf(table, at('127.0.0.2', 3306), theirs)).toBe(1000);
  });

  it('is found for IPv6, and for IPv4 in the table of IPv6', () => {
    const loopback = '00000000000000000000000001000000';
    expect(ownerOf(line(`${loopback}:0CEA`, `${loopback}:A1B2`, 7), at('::1', 3306), at('::1', 0xa1b2))).toBe(
      7,
    );
    const mapped = '0000000000000000FFFF00000100007F';
    const table = line(`${mapped}:0CEA`, `${mapped}:A1B2`, 8);
    expect(ownerOf(table, ours, at('::ffff:127.0.0.1', 0xa1b2))).toBe(8);
  });

  it.each(['127.0.0.1', '::1'])('is ours for a connection of our own, over %s', async (host) => {
    const server = createServer().listen(0, host);
    await once(server, 'listening');
    const client = connect((server.address() as AddressInfo).port, host);
    const [accepted] = (await once(server, 'connection')) as [Socket];
    onTestFinished(() => {
      for (const each of [client, accepted]) each.destroy();
      server.close();
    });
    const owners = await Promise.all(Array.from({ length: 20 }, () => readPeerOwner(accepted)));
    expect(new Set(owners)).toEqual(new Set([process.getuid?.()]));
  });
});
