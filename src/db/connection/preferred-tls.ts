import { connect, type Socket } from 'node:net';

/** The part of mysql2's connection configuration that decides how it connects; each connection has its own copy. */
export interface ConnectArguments {
  readonly config: {
    readonly host: string;
    readonly port: number;
    readonly keepAliveInitialDelay: number;
    ssl: unknown;
  };
}

const CLIENT_SSL = 0x0800;

/**
 * Implements `ssl_mode = preferred`, which mysql2 lacks: with `ssl` set it refuses a server without TLS. As mysql2's
 * `stream`, this opens the socket, reads the server's greeting, and removes `ssl` from the configuration if the server
 * offers no TLS. mysql2 looks at `ssl` only afterwards, because its listener comes second.
 */
export function connectPreferringTls({ config }: ConnectArguments): Socket {
  const socket = connect(config.port, config.host);
  // As mysql2 does with a socket that it opens itself.
  socket.setNoDelay(true);
  socket.once('connect', () => socket.setKeepAlive(true, config.keepAliveInitialDelay));
  socket.once('data', (greeting) => {
    if (offersTls(greeting) === false) config.ssl = false;
  });
  return socket;
}

/** Undefined if this is not a greeting, or not a complete one. */
function offersTls(packet: Buffer): boolean | undefined {
  // Length (3 bytes), sequence (1), protocol version (1), then the version's text up to a zero byte.
  const endOfVersion = packet.indexOf(0, 5);
  // Connection id (4), first half of the scramble (8), filler (1), lower half of the capabilities (2).
  const capabilities = endOfVersion + 1 + 4 + 8 + 1;
  if (packet[4] !== 10 || endOfVersion === -1 || packet.length < capabilities + 2) return undefined;
  return (packet.readUInt16LE(capabilities) & CLIENT_SSL) !== 0;
}
