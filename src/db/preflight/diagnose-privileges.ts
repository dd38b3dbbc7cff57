import type { Connection } from 'mysql2/promise';
import { query } from '../connection/query.js';
import { quoteAccount, type ServerSettings } from '../connection/server-settings.js';
import type { Diagnosis } from './diagnosis.js';

interface Need {
  /** Any of these is enough. */
  readonly held: readonly string[];
  readonly without: string;
}

/** The names under which the servers show it. In a GRANT both still understand REPLICATION CLIENT. */
const NEEDS: Readonly<Record<'REPLICATION SLAVE' | 'REPLICATION CLIENT', Need>> = {
  'REPLICATION SLAVE': { held: ['REPLICATION SLAVE'], without: 'may not read the binlog' },
  'REPLICATION CLIENT': {
    held: ['REPLICATION CLIENT', 'BINLOG MONITOR', 'SUPER'],
    without: 'may not ask where the binlog ends',
  },
};

/** The global privileges for the stream that the account lacks, with active roles included; one GRANT for all. */
export async function diagnosePrivileges(
  connection: Connection,
  settings: ServerSettings,
): Promise<Diagnosis[]> {
  const held = await readGlobalPrivileges(connection);
  if (held.has('ALL PRIVILEGES')) return [];
  const missing = Object.entries(NEEDS).filter(([, need]) => !need.held.some((name) => held.has(name)));
  if (missing.length === 0) return [];
  const account = quoteAccount(settings.account);
  const names = missing.map(([name]) => shownName(name, settings));
  const without = missing.map(([, need]) => need.without).join(' and ');
  return [
    {
      severity: 'fatal-for-stream',
      message: `${account} ${without}: ${names.join(' and ')} not granted`,
      remedy: `GRANT ${names.join(', ')} ON *.* TO ${account};`,
    },
  ];
}

/** Whether the account may read the binlog, with the rows of all tables. */
export async function holdsReplicationSlave(connection: Connection): Promise<boolean> {
  const held = await readGlobalPrivileges(connection);
  return held.has('ALL PRIVILEGES') || held.has('REPLICATION SLAVE');
}

/**
 * The lines of SHOW GRANTS must not leave this function: on MariaDB they hold the hash of the password (R24). Without
 * FOR they include the privileges of active roles, on both flavours.
 */
async function readGlobalPrivileges(connection: Connection): Promise<ReadonlySet<string>> {
  const rows = await query<Record<string, string>>(connection, 'SHOW GRANTS', []);
  const held = new Set<string>();
  for (const line of rows.flatMap((row) => Object.values(row))) {
    const names = /^GRANT (.+?) ON \*\.\* TO /.exec(line)?.[1] ?? '';
    for (const name of names.split(',')) held.add(name.trim().toUpperCase());
  }
  return held;
}

/** MariaDB has shown REPLICATION CLIENT under another name since 10.5. */
function shownName(name: string, { flavour, version }: ServerSettings): string {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const renamed = flavour === 'mariadb' && (major > 10 || (major === 10 && minor >= 5));
  return renamed && name === 'REPLICATION CLIENT' ? 'BINLOG MONITOR' : name;
}
