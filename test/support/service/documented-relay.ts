import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { PrivateServer } from '../private-server.js';
import type { Flavour } from '../server-programs.js';
import type { AlarmDatabase } from './alarm-database.js';
import { type Relay, startRelay } from './relay.js';

const HEADINGS = { mariadb: '### A relay on MariaDB', mysql: '### A relay on MySQL' } as const;
/** Options of each MySQL server that replicates by GTIDs. */
export const GTIDS = ['--gtid-mode=ON', '--enforce-gtid-consistency=ON'] as const;
const TABLES = ['PROCESE', 'STATUS_PROCESS', 'FLEET_HEARTBEAT'] as const;

/**
 * A relay of a primary that has the tables already, made as docs/fleet.md says: with the options printed there, the tables
 * copied as a dump does, then the files in `sql`, then the start of the replication.
 */
export async function startDocumentedRelay(
  primary: PrivateServer,
  database: AlarmDatabase,
  { hasGtids = false }: { readonly hasGtids?: boolean } = {},
): Promise<Relay> {
  const { flavour } = primary;
  return startRelay(primary, 31, {
    extraArgs: [...(await documentedOptions(flavour, database.name)), ...(hasGtids ? GTIDS : [])],
    hasGtids,
    async prepare(server) {
      await copyTables(database, server, { hasRows: flavour === 'mariadb', isLogged: !hasGtids });
      if (flavour === 'mysql') await database.runFile(server, 'relay-blackhole.sql');
      await database.runFile(server, 'relay-grants.sql');
    },
  });
}

/** The lines of the recipe's configuration file, for this database in place of v_process_monitor. */
async function documentedOptions(flavour: Flavour, database: string): Promise<string[]> {
  const page = await readFile(fileURLToPath(new URL('../../../docs/fleet.md', import.meta.url)), 'utf8');
  const file = page.split(HEADINGS[flavour])[1]?.match(/```ini\n\[\w+\]\n(.*?)```/s)?.[1];
  if (file === undefined) throw new Error(`docs/fleet.md has no configuration for ${flavour}`);
  return file
    .trim()
    .split('\n')
    .map((line) => line.replace(/\s*#.*/, '').split(/\s*=\s*/))
    .map(([key = '', value = '']) => `--${key.replaceAll('_', '-')}=${forDatabase(value, database)}`);
}

function forDatabase(value: string, database: string): string {
  const escaped = database.replaceAll('_', String.raw`\_`);
  return value
    .replace(String.raw`v\_process\_monitor`, () => escaped)
    .replace('v_process_monitor', () => database);
}

/** What a dump without events does. That of a server with GTIDs leaves no transaction of its own in the binlog. */
async function copyTables(
  { name, query }: AlarmDatabase,
  to: PrivateServer,
  { hasRows, isLogged }: { readonly hasRows: boolean; readonly isLogged: boolean },
): Promise<void> {
  const target = await to.connect({ multipleStatements: true });
  try {
    if (!isLogged) await target.query('SET SESSION sql_log_bin = 0');
    await target.query(`CREATE DATABASE ${name}; USE ${name}`);
    for (const table of TABLES) {
      const [made] = (await query(`SHOW CREATE TABLE ${table}`)) as Record<string, string>[];
      await target.query(made?.['Create Table'] ?? '');
      const rows = (await query(`SELECT * FROM ${table}`)) as object[];
      for (const row of hasRows ? rows : []) await target.query(`INSERT INTO ${table} SET ?`, [row]);
    }
  } finally {
    await target.end();
  }
}
