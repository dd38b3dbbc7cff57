import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { freePort } from '../database/free-port.js';
import { Gate } from './gate.js';
import { Link } from './link.js';

/** A network between a client and a server on this host, which can fail in the ways that networks do. */
export interface TcpProxy {
  readonly host: '127.0.0.1';
  /** Where clients connect. */
  readonly port: number;
  /** How many clients are connected now. */
  readonly connections: number;
  /** Every client and the server get a reset of every connection. New ones work. */
  resetAll(): void;
  /**
   * Half-open: every connection is a black hole for ever, both ways; neither side hears of the end of the other. New
   * ones are accepted and are the same, until `heal`.
   */
  swallow(): void;
  /** A network that stands still: nothing arrives until `heal`, then all of it. New connections wait as well. */
  freeze(): void;
  /** A slow link, for all connections together, each way. */
  slowDown(bytesPerSecond: number): void;
  /** An address that moves: new connections go to these ports in turn, those there are go on. */
  moveTo(...ports: readonly number[]): void;
  /** New connections are refused; those there are go on. */
  refuse(): Promise<void>;
  /**
   * New connections work again, slow and frozen ones go on. The server is rid of the connections that were swallowed,
   * as its TCP keepalive would see to in the end; their clients still hear nothing.
   */
  heal(): Promise<void>;
  /** Resets what is left and stops listening. */
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  /** Absent where the connection was swallowed from its first byte on. */
  readonly server?: Socket;
  swallowed: boolean;
}

/** Small, so that a slow link trickles and does not come in bursts. */
const PIECE_BYTES = 256;

/** Listens on a free loopback port and passes everything on to the server's port. */
export async function startTcpProxy(serverPort: number): Promise<TcpProxy> {
  let targets: readonly number[] = [serverPort];
  let connected = 0;
  const nextTarget = (): number => {
    connected += 1;
    return targets[connected % targets.length] ?? serverPort;
  };
  const pairs = new Set<Pair>();
  /** Server sides of connections that were swallowed and whose clients have gone. */
  const orphans = new Set<Socket>();
  const gate = new Gate();
  const toServer = new Link();
  const toClient = new Link();
  let isSwallowing = false;

  const listener = createServer((client) => {
    const pair: Pair = isSwallowing
      ? { client, swallowed: true }
      : { client, server: connect(nextTarget(), '127.0.0.1'), swallowed: false };
    const { server } = pair;
    pairs.add(pair);
    client.setNoDelay().on('error', () => {});
    client.on('close', () => {
      pairs.delete(pair);
      if (server && pair.swallowed) orphans.add(server);
      else server?.destroySoon();
    });
    if (!server) {
      client.resume();
      return;
    }
    // As where nobody listens, or the server was killed: a reset is all that the client learns.
    server.setNoDelay().on('error', () => pair.swallowed || client.resetAndDestroy());
    server.on('close', () => {
      orphans.delete(server);
      if (!pair.swallowed) client.destroySoon();
    });
    void pump(client, server, pair, toServer);
    void pump(server, client, pair, toClient);
  });

  const pump = async (from: Socket, to: Socket, pair: Pair, link: Link): Promise<void> => {
    try {
      for await (const chunk of from) {
        for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
          const piece = chunk.subarray(at, at + PIECE_BYTES);
          await link.pass(piece.length);
          await gate.pass();
          if (pair.swallowed || to.destroyed) continue;
          if (!to.write(piece)) await untilDrained(to);
        }
      }
    } catch {
      // Cut off: the listeners of both sockets see to the other side.
    }
  };

  const listen = async (): Promise<void> => {
    listener.listen(port, '127.0.0.1');
    await once(listener, 'listening');
  };
  const stopListening = (): void => {
    if (listener.listening) listener.close();
  };
  const port = await freePort();
  await listen();

  return {
    host: '127.0.0.1',
    port,
    get connections() {
      return pairs.size;
    },
    resetAll() {
      for (const { client, server } of [...pairs]) {
        client.resetAndDestroy();
        server?.resetAndDestroy();
      }
    },
    swallow() {
      isSwallowing = true;
      for (const pair of pairs) pair.swallowed = true;
    },
    freeze: () => gate.close(),
    slowDown(bytesPerSecond) {
      for (const link of [toServer, toClient]) link.setSpeed(bytesPerSecond);
    },
    moveTo(...ports) {
      targets = ports;
    },
    async refuse() {
      stopListening();
    },
    async heal() {
      isSwallowing = false;
      for (const link of [toServer, toClient]) link.setSpeed(undefined);
      gate.open();
      for (const { server, swallowed } of pairs) if (swallowed) server?.resetAndDestroy();
      for (const server of orphans) server.resetAndDestroy();
      if (!listener.listening) await listen();
    },
    async close() {
      stopListening();
      gate.open();
      for (const { client, server } of [...pairs]) {
        client.resetAndDestroy();
        server?.resetAndDestroy();
      }
      for (const server of orphans) server.resetAndDestroy();
    },
  };
}

/** Resolves when more can be written, or never will be. Leaves no listener behind: a slow link waits thousands of times. */
function untilDrained(to: Socket): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      to.off('drain', end).off('close', end);
      resolve();
    };
    to.on('drain', end).on('close', end);
  });
}
