import { readdir } from 'node:fs/promises';
import type { RowDataPacket } from 'mysql2/promise';
import { waitFor } from '../../support/restart/wait-for.js';
import type { Lab } from './lab.js';

/** What the service holds: its descriptors, and the server's own count of its connections. */
interface Holdings {
  readonly descriptors: number;
  readonly connections: number;
  readonly dumpThreads: number;
}

/** Four for statements, and two of the stream. */
const MOST_CONNECTIONS = 6;
/** What a service that has just started needs, and some. */
const MOST_DESCRIPTORS = 45;
/** The server finds out about a connection that was cut at its next packet. */
const SETTLE_LIMIT_MS = 20_000;

export async function countHoldings({ keeper, asRoot, database }: Lab): Promise<Holdings> {
  const descriptors = (await readdir(`/proc/${keeper.daemon.pid}/fd`)).length;
  const [rows] = await asRoot((root) =>
    root.query<RowDataPacket[]>('SELECT command FROM information_schema.processlist WHERE user = ?', [
      database.user,
    ]),
  );
  const dumpThreads = rows.filter(({ command }) => String(command).startsWith('Binlog Dump')).length;
  return { descriptors, connections: rows.length, dumpThreads };
}

/** What the service has too much of, once everything has had time to settle; also after it has ended. */
export async function findLeftBehind(lab: Lab): Promise<readonly string[]> {
  const found: string[] = [];
  let holdings: Holdings | undefined;
  await waitFor(
    'the connections of the service to settle',
    async () => {
      holdings = await countHoldings(lab);
      return holdings.dumpThreads === 1 && isLittle(holdings);
    },
    SETTLE_LIMIT_MS,
  ).catch(() => found.push(`while it runs: ${JSON.stringify(holdings)}`));
  await lab.keeper.stop();
  await waitFor(
    'the end of all connections',
    async () => (await connectionsLeft(lab)) === 0,
    SETTLE_LIMIT_MS,
  ).catch(async () => found.push(`after its end: ${await connectionsLeft(lab)} connections`));
  return [...found, ...lab.keeper.badExits];
}

function isLittle({ connections, descriptors }: Holdings): boolean {
  return connections <= MOST_CONNECTIONS && descriptors <= MOST_DESCRIPTORS;
}

async function connectionsLeft({ asRoot, database }: Lab): Promise<number> {
  const [[row]] = await asRoot((root) =>
    root.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM information_schema.processlist WHERE user = ?', [
      database.user,
    ]),
  );
  return Number(row?.n);
}
