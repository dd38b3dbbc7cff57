import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

interface BrokenTlsServer {
  readonly port: number;
  /** Resolves when the client has given up the connection. */
  readonly left: Promise<void>;
  close(): void;
}

interface BrokenTlsOptions {
  readonly cert: string;
  readonly key: string;
  /** How many statements it answers, with OK, before it says that it closes the connection. */
  readonly afterStatements: number;
}

const LONG_PASSWORD = 0x1;
const CONNECT_WITH_DB = 0x8;
const PROTOCOL_41 = 0x200;
const SSL = 0x800;
const SECURE_CONNECTION = 0x8000;
const PLUGIN_AUTH = 0x8_0000;
const CAPABILITIES = LONG_PASSWORD | CONNECT_WITH_DB | PROTOCOL_41 | SSL | SECURE_CONNECTION | PLUGIN_AUTH;
const OK = Buffer.from([0, 0, 0, 2, 0, 0, 0]);

/**
 * A MySQL server with TLS that says to an idle client that it closes the connection, and then sends bytes that are no TLS: the
 * connection fails a second time, after its end. For one client.
 */
export async function startBrokenTlsServer({
  cert,
  key,
  afterStatements,
}: BrokenTlsOptions): Promise<BrokenTlsServer> {
  let leave = (): void => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  // What it sends after the end of the client must still arrive.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    // The client ends its side when it is told that the connection is closed.
    socket
      .on('error', () => {})
      .on('end', () => socket.end(NO_TLS))
      .on('close', leave);
    socket.write(packet(0, greeting()));
    socket.once('data', (first) => {
      // The beginning of TLS may come with the request for it.
      if (first.length > SSL_REQUEST_BYTES) socket.unshift(first.subarray(SSL_REQUEST_BYTES));
      const secure = new TLSSocket(wireOf(socket), { isServer: true, cert, key });
      secure.on('error', () => {});
      let statements = 0;
      secure.once('data', () => {
        secure.write(packet(3, OK));
        secure.on('data', () => {
          statements += 1;
          if (statements <= afterStatements) secure.write(packet(1, OK));
          if (statements === afterStatements) setImmediate(() => secure.write(packet(0, CLOSES)));
        });
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, left, close: () => void server.close() };
}

const SSL_REQUEST_BYTES = 36;
const NO_TLS = Buffer.alloc(64, 'x');

/** The socket as a stream, so that something else can be written to it besides TLS. */
function wireOf(socket: Socket): Duplex {
  const wire = new Duplex({
    read: () => {},
    write: (chunk, _encoding, done) => void socket.write(chunk, () => done()),
  });
  socket.on('data', (chunk) => wire.push(chunk)).on('end', () => wire.push(null));
  return wire;
}

function packet(sequence: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head.writeUInt8(sequence, 3);
  return Buffer.concat([head, body]);
}

/** ER_CLIENT_INTERACTION_TIMEOUT. */
const CLOSES = Buffer.concat([
  Buffer.from([0xff, 0xbf, 0x0f]),
  Buffer.from('#HY000The client was disconnected'),
]);

function greeting(): Buffer {
  const fixed = Buffer.alloc(8);
  fixed.writeUInt16LE(CAPABILITIES & 0xffff, 0);
  fixed.writeUInt8(45, 2);
  fixed.writeUInt16LE(2, 3);
  fixed.writeUInt16LE(CAPABILITIES >>> 16, 5);
  fixed.writeUInt8(21, 7);
  return Buffer.concat([
    Buffer.from('\n8.4.0\0'),
    Buffer.from([1, 0, 0, 0]),
    Buffer.alloc(8, 'x'),
    Buffer.from([0]),
    fixed,
    Buffer.alloc(10),
    Buffer.alloc(12, 'x'),
    Buffer.from('\0mysql_native_password\0'),
  ]);
}
