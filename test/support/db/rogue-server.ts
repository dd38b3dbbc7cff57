import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

interface RogueServer {
  readonly port: number;
  /** All that clients sent after they were asked for the password itself. */
  learnt(): Buffer;
  close(): void;
}

const SCRAMBLE = Buffer.alloc(20, 'x');
const LONG_PASSWORD = 0x1;
const CONNECT_WITH_DB = 0x8;
const PROTOCOL_41 = 0x200;
const SECURE_CONNECTION = 0x8000;
const PLUGIN_AUTH = 0x8_0000;
/** No CLIENT_SSL. */
const CAPABILITIES = LONG_PASSWORD | CONNECT_WITH_DB | PROTOCOL_41 | SECURE_CONNECTION | PLUGIN_AUTH;

/**
 * Listens where a MySQL server is expected, offers no TLS, and asks each client for the password itself by this
 * authentication method.
 */
export async function startRogueServer(plugin: string): Promise<RogueServer> {
  const learnt: Buffer[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write(packet(0, greeting()));
    const listen = (): void => void socket.on('data', (chunk) => learnt.push(chunk));
    socket.once('data', () => {
      if (plugin !== 'caching_sha2_password') listen();
      else {
        // It sends a proof first.
        socket.once('data', () => {
          listen();
          socket.write(packet(4, FULL_AUTHENTICATION));
        });
      }
      socket.write(packet(2, switchTo(plugin)));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    learnt: () => Buffer.concat(learnt),
    close: () => void server.close(),
  };
}

function packet(sequence: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head.writeUInt8(sequence, 3);
  return Buffer.concat([head, body]);
}

function greeting(): Buffer {
  const fixed = Buffer.alloc(8);
  fixed.writeUInt16LE(CAPABILITIES & 0xffff, 0);
  fixed.writeUInt8(45, 2);
  fixed.writeUInt16LE(2, 3);
  fixed.writeUInt16LE(CAPABILITIES >>> 16, 5);
  fixed.writeUInt8(SCRAMBLE.length + 1, 7);
  return Buffer.concat([
    Buffer.from('\n8.4.0\0'),
    Buffer.from([1, 0, 0, 0]),
    SCRAMBLE.subarray(0, 8),
    Buffer.from([0]),
    fixed,
    Buffer.alloc(10),
    SCRAMBLE.subarray(8),
    Buffer.from('\0caching_sha2_password\0'),
  ]);
}

/** "I do not know your proof, send the password." */
const FULL_AUTHENTICATION = Buffer.from([1, 4]);

function switchTo(plugin: string): Buffer {
  return Buffer.concat([Buffer.from([0xfe]), Buffer.from(`${plugin}\0`), SCRAMBLE, Buffer.from([0])]);
}
