import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection } from 'mysql2/promise';
import { cacheDirectory } from '../test/support/database/cache-directory.js';
import { grantToMonitor, runSqlFile } from '../test/support/database/sql-file.js';
import { ensureMariadb, ensureServerProgram } from '../test/support/ensure-server-program.js';
import { type PrivateServer, startPrivateServer } from '../test/support/private-server.js';
import { type Flavour, requireServerProgram, type ServerProgram } from '../test/support/server-programs.js';

export interface DemoServer {
  readonly server: PrivateServer;
  /** Of the account `monitor_service`. */
  readonly password: string;
  /** As root, in the service's database: the hand that raises alarms. */
  readonly connection: Connection;
}

/**
 * The server program to use; installs MariaDB where there is none and we may.
 *
 * @throws Error that names the package to install.
 */
export function chooseServer(flavour: Flavour | undefined): ServerProgram {
  if (flavour === undefined) return ensureServerProgram();
  return flavour === 'mariadb' ? ensureMariadb() : requireServerProgram(flavour);
}

/** Starts it on data of its own in the demo's folder, with the tables of sql/setup.sql and the grants of sql/grants.sql. */
export async function startServer(program: ServerProgram, folder: string): Promise<DemoServer> {
  // The choice stands, wherever the cache is.
  process.env[program.flavour === 'mysql' ? 'MONITOR_TEST_MYSQLD' : 'MONITOR_TEST_MARIADBD'] = program.path;
  // The tests keep data to start from in a cache. The demo uses what is there, but adds nothing to it.
  if (!hasTemplate(program)) process.env.XDG_CACHE_HOME = join(folder, 'cache');
  const server = await startPrivateServer({ flavour: program.flavour });
  await runSqlFile(server, 'setup.sql');
  const password = randomBytes(12).toString('hex');
  await grantToMonitor(server, password);
  const connection = await server.connect({ database: 'v_process_monitor' });
  return { server, password, connection };
}

function hasTemplate({ flavour, version }: ServerProgram): boolean {
  const prefix = `data-${flavour}-${version}-${process.getuid?.() ?? 0}-r`;
  try {
    return readdirSync(cacheDirectory()).some(
      (name) => name.startsWith(prefix) && !name.includes('building'),
    );
  } catch {
    return false;
  }
}
