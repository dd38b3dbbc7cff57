import { readFile } from 'node:fs/promises';
import { isIP, type Socket } from 'node:net';
import { endianness } from 'node:os';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

type Connection = Pick<Socket, 'localAddress' | 'localPort' | 'remoteAddress' | 'remotePort'>;

const ESTABLISHED = '01';
let running: Promise<string> | undefined;
let next: Promise<string> | undefined;

/**
 * The user who owns the other end of a TCP connection on this machine. Undefined if that cannot be told: it is on
 * another machine, or has been left. Reads the tables of all connections, once for all who ask meanwhile. Never
 * rejects.
 */
export async function readPeerOwner(connection: Connection): Promise<number | undefined> {
  const { localAddress, localPort, remoteAddress, remotePort } = connection;
  if (localAddress === undefined || localPort === undefined) return undefined;
  if (remoteAddress === undefined || remotePort === undefined) return undefined;
  const peer = { address: remoteAddress, port: remotePort };
  return ownerOf(await readTables(), peer, { address: localAddress, port: localPort });
}

/**
 * The user of the socket that is `local` and whose other end is `remote`, by the text of /proc/net/tcp. Undefined if
 * there is none, or if it is not connected any more: the kernel shows such sockets as those of root.
 */
export function ownerOf(table: string, local: Endpoint, remote: Endpoint): number | undefined {
  const [here, there] = [local, remote].map(({ port }) => port.toString(16).toUpperCase().padStart(4, '0'));
  const lines = table.matchAll(
    new RegExp(` ([0-9A-F]+):${here} ([0-9A-F]+):${there} ${ESTABLISHED} \\S+ \\S+ \\S+ +(\\d+) `, 'g'),
  );
  // The ports of another pair of addresses can be the same: any user can see to that.
  const owners = [...lines].flatMap(([, localHex = '', remoteHex = '', uid]) =>
    addressIn(localHex) === canonical(local.address) && addressIn(remoteHex) === canonical(remote.address)
      ? [Number(uid)]
      : [],
  );
  return owners.length === 1 ? owners[0] : undefined;
}

/** A reading that has begun may have missed a connection: whoever asks meanwhile waits for the next one. */
function readTables(): Promise<string> {
  next ??= (running ?? Promise.resolve('')).then(() => {
    const reading = readBoth();
    running = reading;
    next = undefined;
    return reading;
  });
  return next;
}

/** One after the other, since Node.js has four threads for files. What cannot be read is as if it were empty. */
async function readBoth(): Promise<string> {
  const texts = [];
  for (const name of ['tcp', 'tcp6'])
    texts.push(await readFile(`/proc/net/${name}`, 'latin1').catch(() => ''));
  running = undefined;
  return texts.join('\n');
}

/** The kernel writes words of 32 bits, each in the byte order of the machine. */
function addressIn(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.map((word) => {
    const written = Buffer.from(word, 'hex');
    return (endianness() === 'LE' ? written.reverse() : written).toString('hex');
  });
  const groups = bytes.join('').match(/.{4}/g) ?? [];
  return canonical(words.length === 1 ? `::ffff:${groups.join(':')}` : groups.join(':'));
}

/** One text for each address; that of an IPv4 address is its IPv6 one. */
function canonical(address: string): string {
  const withoutZone = address.replace(/%.*$/, '');
  return new URL(`http://[${isIP(withoutZone) === 4 ? `::ffff:${withoutZone}` : withoutZone}]`).hostname;
}
