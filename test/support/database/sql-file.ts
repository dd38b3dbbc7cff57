import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { PrivateServer } from '../private-server.js';

export type SqlFile =
  | 'setup.sql'
  | 'fleet.sql'
  | 'fleet-heartbeat.sql'
  | 'sample_data.sql'
  | 'grants.sql'
  | 'primary-grants.sql'
  | 'relay-grants.sql'
  | 'relay-blackhole.sql';

/** Runs one of the project's own SQL files as root; `edit` is what an administrator changes in it before. */
export async function runSqlFile(
  server: PrivateServer,
  name: SqlFile,
  edit: (sql: string) => string = (sql) => sql,
): Promise<void> {
  const path = fileURLToPath(new URL(`../../../sql/${name}`, import.meta.url));
  const connection = await server.connect({ multipleStatements: true });
  try {
    await connection.query(edit(await readFile(path, 'utf8')));
  } finally {
    await connection.end();
  }
}

/** Makes the user of grants.sql with that password, as an administrator does. */
export async function grantToMonitor(server: PrivateServer, password: string): Promise<void> {
  await runSqlFile(server, 'grants.sql', (sql) => sql.replace(/BY PUT_A_PASSWORD_HERE/, `BY '${password}'`));
}
