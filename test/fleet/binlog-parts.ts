import type { PrivateServer } from '../support/private-server.js';

type Ask = (server: PrivateServer, sql: string) => Promise<Record<string, unknown>[]>;

/** What a binlog has grown by, in bytes: each stream of it gets all of that. */
export interface BinlogParts {
  /** Transactions of our two tables. */
  readonly tables: number;
  readonly heartbeat: number;
  /** What is left of transactions that were filtered out: on MySQL with GTIDs. */
  readonly empty: number;
  /** Other transactions: there should be none. */
  readonly other: number;
  /** Events of the log itself, such as those at the begin of a file. */
  readonly ofTheLog: number;
}

/** Begins to look at the binlog of a server; the result ends it. */
export async function watchBinlog(ask: Ask, server: PrivateServer): Promise<() => Promise<BinlogParts>> {
  const from = await endOf(ask, server);
  return async () => {
    const to = await endOf(ask, server);
    const files = (await ask(server, 'SHOW BINARY LOGS')).map(({ Log_name }) => String(Log_name));
    const since = files.slice(files.indexOf(from.file), files.indexOf(to.file) + 1);
    const events: Record<string, unknown>[] = [];
    for (const file of since) {
      const start = file === from.file ? from.position : FIRST_POSITION;
      events.push(...(await ask(server, `SHOW BINLOG EVENTS IN '${file}' FROM ${start}`)));
    }
    return sumParts(events);
  };
}

const FIRST_POSITION = 4;
const OF_THE_LOG = /^(Format_desc|Rotate|Gtid_list|Previous_gtids|Binlog_checkpoint|Stop)$/i;
const BEGINS = /^(Anonymous_)?Gtid$/i;

/** Rows of SHOW BINLOG EVENTS: a transaction is from its Gtid event to the next one. */
export function sumParts(events: readonly Record<string, unknown>[]): BinlogParts {
  const sums = { tables: 0, heartbeat: 0, empty: 0, other: 0, ofTheLog: 0 };
  let transaction: { bytes: number; infos: string[] } = { bytes: 0, infos: [] };
  const finish = (): void => {
    sums[partOf(transaction.infos)] += transaction.bytes;
    transaction = { bytes: 0, infos: [] };
  };
  for (const { Event_type, Pos, End_log_pos, Info } of events) {
    const type = String(Event_type);
    const bytes = Number(End_log_pos) - Number(Pos);
    if (OF_THE_LOG.test(type)) {
      sums.ofTheLog += bytes;
      continue;
    }
    if (BEGINS.test(type)) finish();
    else transaction.infos.push(`${type}: ${String(Info)}`);
    transaction.bytes += bytes;
  }
  finish();
  return sums;
}

function partOf(infos: readonly string[]): keyof BinlogParts {
  const tables = infos.flatMap((info) => /^Table_map: .*\(.*\.(\w+)\)/.exec(info)?.[1] ?? []);
  if (tables.some((table) => !/^(PROCESE|STATUS_PROCESS|FLEET_HEARTBEAT)$/i.test(table))) return 'other';
  if (tables.some((table) => !/^FLEET_HEARTBEAT$/i.test(table))) return 'tables';
  if (tables.length > 0) return 'heartbeat';
  return infos.every((info) => /^(Query: (BEGIN|COMMIT)|Xid:)/.test(info)) ? 'empty' : 'other';
}

async function endOf(ask: Ask, server: PrivateServer) {
  const sql = server.flavour === 'mysql' ? 'SHOW BINARY LOG STATUS' : 'SHOW MASTER STATUS';
  const [row] = await ask(server, sql);
  return { file: String(row?.File), position: Number(row?.Position) };
}
