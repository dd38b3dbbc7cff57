import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RowDataPacket } from 'mysql2/promise';
import { cacheDirectory } from '../../test/support/database/cache-directory.js';
import type { Flavour } from '../../test/support/server-programs.js';
import type { Closers } from '../support/closers.js';
import type { Stage } from '../support/stage.js';
import { findProgram } from './find-program.js';

const NAMES = { mariadb: ['mariadb-binlog', 'mysqlbinlog'], mysql: ['mysqlbinlog'] } as const;
/** In the cache: where FETCH puts it, and the script that fetches MySQL for the tests. */
const FOLDERS = { mariadb: 'mariadb-client/usr/bin', mysql: 'mysql-server' } as const;
const SERVER_ID = { mariadb: '--stop-never-slave-server-id=78', mysql: '--connection-server-id=78' } as const;
/** After so long without another byte there is nothing left to come, ms. */
const QUIET_MS = 500;

const FETCH = fileURLToPath(new URL('fetch-mariadb-binlog.sh', import.meta.url));

/** The program that the server brings along to copy a binlog; undefined where there is none to be had. */
export function findBinlogTool(flavour: Flavour): string | undefined {
  const find = (): string | undefined =>
    findProgram(NAMES[flavour], join(cacheDirectory(), FOLDERS[flavour]));
  const found = find();
  if (found !== undefined || flavour !== 'mariadb') return found;
  spawnSync(FETCH, { stdio: ['ignore', 'inherit', 'inherit'] });
  return find();
}

interface BinlogTool {
  readonly pid: number;
  caughtUp(): Promise<void>;
  stop(): Promise<unknown>;
}

/**
 * Copies the binlog from its present end on, as it is, into files of the workspace.
 *
 * @throws Error where there is no such program here.
 */
export async function startBinlogTool(stage: Stage, closers: Closers): Promise<BinlogTool> {
  const { server, database, workspace } = stage;
  const program = findBinlogTool(server.flavour);
  if (program === undefined) throw new Error(`this machine has no ${NAMES[server.flavour].join(' or ')}`);
  const directory = await mkdtemp(workspace.path('binlog-'));
  const end = await database.session(async (connection) => {
    const [rows] = await connection.query<RowDataPacket[]>('SHOW BINARY LOGS');
    return rows.at(-1);
  });
  const child = spawn(
    program,
    [
      '--no-defaults',
      '--read-from-remote-server',
      '--raw',
      '--stop-never',
      SERVER_ID[server.flavour],
      `--host=${server.host}`,
      `--port=${server.port}`,
      '--protocol=tcp',
      '--user=root',
      `--start-position=${end?.File_size}`,
      `--result-file=${directory}/`,
      String(end?.Log_name),
    ],
    { stdio: 'ignore', env: { ...process.env, MYSQL_PWD: server.rootPassword } },
  );
  const closed = once(child, 'close');
  await once(child, 'spawn');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await closed;
    await rm(directory, { recursive: true, force: true });
  };
  closers.add(stop);
  await delay(QUIET_MS);
  if (child.pid === undefined || child.exitCode !== null)
    throw new Error(`${program} has ended at its start`);
  return {
    pid: child.pid,
    stop,
    async caughtUp() {
      for (let before = -1, size = await sizeOf(directory); size > before; size = await sizeOf(directory)) {
        before = size;
        await delay(QUIET_MS);
      }
    },
  };
}

async function sizeOf(directory: string): Promise<number> {
  const sizes = (await readdir(directory)).map(async (name) => (await stat(join(directory, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
