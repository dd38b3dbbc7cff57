import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRoot } from '../conditional-tests.js';

/** A name server that takes every question and answers none. */
interface SilentNameServer {
  /** A command that becomes the one behind it, for which this is the only name server of the host. */
  readonly through: readonly string[];
  /** How many questions it got about this name. */
  asked(name: string): number;
  close(): Promise<void>;
}

/** An address that nobody else on this machine listens on. */
const ADDRESS = '127.53.53.53';

/** Why there can be none here; undefined: there can. */
export function whyNoSilentNameServer(): string | undefined {
  if (!isRoot) return 'it takes root';
  const { status } = spawnSync('unshare', ['--mount', 'true']);
  return status === 0 ? undefined : 'there can be no mount namespace';
}

export async function startSilentNameServer(): Promise<SilentNameServer> {
  const directory = await mkdtemp(join(tmpdir(), 'name-server-'));
  const file = join(directory, 'resolv.conf');
  await writeFile(file, `nameserver ${ADDRESS}\noptions timeout:30 attempts:5\n`);
  const socket = createSocket('udp4');
  const questions: string[] = [];
  socket.on('message', (packet) => questions.push(readName(packet)));
  socket.bind(53, ADDRESS);
  await once(socket, 'listening');
  return {
    through: [
      'unshare',
      ...['--mount', '--propagation', 'private'],
      ...['sh', '-c', `mount --bind ${file} /etc/resolv.conf && exec "$@"`, 'sh'],
    ],
    asked: (name) => questions.filter((question) => question === name).length,
    async close() {
      socket.close();
      await rm(directory, { recursive: true });
    },
  };
}

/** After the header of 12 bytes: each label behind its length, up to an empty one. */
function readName(packet: Buffer): string {
  const labels: string[] = [];
  for (let at = 12; (packet[at] ?? 0) > 0; at += 1 + (packet[at] ?? 0)) {
    labels.push(packet.toString('latin1', at + 1, at + 1 + (packet[at] ?? 0)));
  }
  return labels.join('.');
}
