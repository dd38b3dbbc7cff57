import { randomBytes } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, type ConnectionOptions, createConnection } from 'mysql2/promise';
import { layDataDirectory } from './database/data-directory.js';
import { freePort } from './database/free-port.js';
import { startGuardian } from './database/guardian.js';
import { type BinlogFormat, serverArguments } from './database/server-arguments.js';
import { untilReady } from './database/until-ready.js';
import { type Flavour, requireServerProgram } from './server-programs.js';

const SHUTDOWN_DEADLINE_MS = 30_000;
const START_TRIES = 3;

export interface PrivateServerOptions {
  readonly flavour: Flavour;
  /** Further options of mysqld or mariadbd; they win over ours. */
  readonly extraArgs?: readonly string[];
  /** Default: true. */
  readonly binlog?: boolean;
  /** Default: ROW on both flavours, although MariaDB's own default is MIXED. */
  readonly binlogFormat?: BinlogFormat;
  /** The same for all members of a cluster that shares its accounts. Default: one of its own. */
  readonly rootPassword?: string;
  /** Further files of its data directory, by name. */
  readonly dataFiles?: Readonly<Record<string, string>>;
}

/** A real database server of our own: data in a private directory, one socket, one loopback port. */
export interface PrivateServer {
  readonly flavour: Flavour;
  /** As the server's program tells it, e.g. `10.11.19`. */
  readonly version: string;
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly socket: string;
  /** Password of `root`, who may come through the socket and through TCP. */
  readonly rootPassword: string;
  /** Holds the data, the socket and `error.log`; gone after `stop`. */
  readonly directory: string;
  /** Pid of the server now running (another one after each start). */
  readonly pid: number;
  /** Connects through TCP as `root` unless told otherwise; the caller ends the connection. */
  connect(options?: ConnectionOptions): Promise<Connection>;
  /** Clean shutdown; port, socket and data stay reserved for `start`. */
  shutDown(): Promise<void>;
  /** Starts again after `shutDown` or `kill`, on the same port and data. */
  start(): Promise<void>;
  /** `shutDown` and `start`; also brings back a server that was killed or frozen. */
  restart(): Promise<void>;
  /** Sends a signal to the server; after SIGKILL waits until it is gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Kills the server and removes its directory. */
  stop(): Promise<void>;
}

/**
 * Starts a private server and waits until it answers. It dies, and its directory goes, with this process, also when
 * this process gets SIGKILL.
 *
 * @throws Error with the tail of the server's error log where it does not come up.
 */
export async function startPrivateServer(options: PrivateServerOptions): Promise<PrivateServer> {
  const program = requireServerProgram(options.flavour);
  const directory = await mkdtemp(join(tmpdir(), `monitor_service-${options.flavour}-`));
  const guardian = await startGuardian(directory);
  const socket = join(directory, 'server.sock');
  const { rootPassword = randomPassword() } = options;
  let port = 0;

  const connect = async (more: ConnectionOptions = {}): Promise<Connection> => {
    const connection = await createConnection({
      // A socket given by the caller takes precedence over host and port in mysql2.
      host: '127.0.0.1',
      port,
      user: 'root',
      password: rootPassword,
      charset: 'utf8mb4',
      ...more,
    });
    // Tests kill the server under their connections; who asks something then is told through the promise.
    connection.on('error', () => {});
    return connection;
  };

  const start = async (): Promise<void> => {
    const started = await guardian.start(
      program.path,
      serverArguments({ ...options, directory, socket, port }),
    );
    await untilReady(connect, started.exited, directory);
  };

  const shutDown = async (): Promise<void> => {
    if (!guardian.running()) return;
    guardian.signal('SIGCONT');
    guardian.signal('SIGTERM');
    if (!(await guardian.exitedWithin(SHUTDOWN_DEADLINE_MS))) {
      guardian.signal('SIGKILL');
      await guardian.exitedWithin(SHUTDOWN_DEADLINE_MS);
    }
  };

  try {
    await layDataDirectory(program, directory);
    for (const [name, text] of Object.entries(options.dataFiles ?? {}))
      await writeFile(join(directory, 'data', name), text, { mode: 0o600 });
    await writeFile(join(directory, 'init.sql'), passwordOfRoot(rootPassword), { mode: 0o600 });
    await startOnFreePort();
  } catch (error) {
    await guardian.end();
    throw error;
  }

  return {
    flavour: options.flavour,
    version: program.version,
    host: '127.0.0.1',
    port,
    socket,
    rootPassword,
    directory,
    get pid() {
      return guardian.pid();
    },
    connect,
    shutDown,
    start,
    async restart() {
      await shutDown();
      await start();
    },
    async kill(signal) {
      guardian.signal(signal);
      if (signal === 'SIGKILL') await guardian.exitedWithin(SHUTDOWN_DEADLINE_MS);
    },
    stop: () => guardian.end(),
  };

  // Between our look and the server's bind somebody else can take the port.
  async function startOnFreePort(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      port = await freePort();
      try {
        return await start();
      } catch (error) {
        if (tries === START_TRIES || !String(error).includes('Address already in use')) throw error;
      }
    }
  }
}

export function randomPassword(): string {
  return randomBytes(12).toString('hex');
}

/** Given to the server as --init-file: done at each start, before the first connection, and kept out of the binlog. */
function passwordOfRoot(password: string): string {
  return `SET SESSION sql_log_bin = 0;\nALTER USER 'root'@'localhost' IDENTIFIED BY '${password}';\n`;
}
