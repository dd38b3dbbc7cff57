import { waitFor } from '../restart/wait-for.js';
import type { AlarmDatabase } from '../service/alarm-database.js';

interface ServerConnection {
  readonly id: number;
  readonly command: string;
  readonly info: string | null;
}

/** The connections that the daemon has, as the server knows them. */
export async function connectionsOf(database: AlarmDatabase): Promise<readonly ServerConnection[]> {
  const rows = await database.query(
    'SELECT id AS id, command AS command, info AS info FROM information_schema.processlist WHERE user = ?',
    [database.user],
  );
  return rows as ServerConnection[];
}

export function isDump({ command }: ServerConnection): boolean {
  return command.startsWith('Binlog Dump');
}

/** Ends some of the daemon's connections, as an administrator would; tells how many there were. */
export async function killConnections(
  database: AlarmDatabase,
  which: (connection: ServerConnection) => boolean,
): Promise<number> {
  const chosen = (await connectionsOf(database)).filter(which);
  // It may have gone by itself.
  for (const { id } of chosen) await database.query(`KILL ${id}`).catch(() => undefined);
  return chosen.length;
}

/** Waits until a write of the daemon is on its way and does not come to its end. */
export async function untilWriteWaits(database: AlarmDatabase): Promise<void> {
  await waitFor('a write of the daemon that waits', async () =>
    (await connectionsOf(database)).some(({ info }) => info?.startsWith('UPDATE') === true),
  );
}
