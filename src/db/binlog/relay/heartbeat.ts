import type { AnyBinlogEvent } from '@vlasky/zongji';
import type { Connection } from 'mysql2/promise';
import { BinlogError } from '../../../domain/alarm/binlog-signal.js';
import type { Beat } from '../../../domain/alarm/relay-freshness.js';
import { toDatabaseError } from '../../connection/database-error.js';
import { query } from '../../connection/query.js';
import { quoteIdentifier } from '../../connection/sql-text.js';
import { isEventOf } from '../read-binlog-event.js';

/** sql/fleet-heartbeat.sql makes it: one row, in which the event scheduler of the primary counts. */
const TABLE = 'FLEET_HEARTBEAT';
const SCRIPT = 'run sql/fleet-heartbeat.sql on the primary';

/** The event that counts, as an administrator can write it whatever schema is current. */
export function heartbeatEvent(schema: string): string {
  return `${quoteIdentifier(schema)}.fleet_heartbeat`;
}

/**
 * The beat of the primary. `account`: as a GRANT names it, or words for it.
 *
 * @throws BinlogError if there is no heartbeat that the account may read; DatabaseError if the server gives no answer.
 */
export async function readBeat(
  connection: Connection,
  account = 'the account of the service',
): Promise<Beat> {
  try {
    const [row] = await query<Record<string, unknown>>(
      connection,
      `SELECT beat, server_id FROM ${TABLE} WHERE id = 1`,
      [],
    );
    if (row) return toBeat(row);
  } catch (error) {
    const failure = toDatabaseError(error);
    if (!IS_MISSING.has(failure.errno)) throw failure;
    throw noHeartbeat(`${failure.message}`, `${SCRIPT}; GRANT SELECT ON ${TABLE} TO ${account}`);
  }
  throw noHeartbeat(`${TABLE} has no row`, SCRIPT);
}

/** No such table, no such column, or none that the account may read. */
const IS_MISSING: ReadonlySet<number | undefined> = new Set([1054, 1142, 1143, 1146]);

function noHeartbeat(why: string, remedy: string): BinlogError {
  const message = `the primary has no heartbeat, so it cannot be told whether a relay is as new: ${why}`;
  return new BinlogError(message, { remedy, isConfiguration: true, isOfPrimary: true });
}

/**
 * The name of that table on a relay, in the case that its binlog has.
 *
 * @throws BinlogError if there is none that the account may read.
 */
export async function findHeartbeatTable(connection: Connection, schema: string): Promise<string> {
  const [row] = await query<{ name: string }>(
    connection,
    'SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND UPPER(TABLE_NAME) = ?',
    [schema, TABLE],
  );
  if (row) return row.name;
  throw new BinlogError(`the relay has no table ${TABLE} that the account may read`, {
    remedy: `${SCRIPT}, look whether the relay takes it over, and GRANT SELECT ON ${TABLE} on the relay too`,
    isConfiguration: true,
  });
}

/** The beat that this event of a relay shows; undefined for every other event. Null if its row does not show it. */
export function beatOf(event: AnyBinlogEvent, table: string): Beat | null | undefined {
  if (!isEventOf(event, 'writerows', 'updaterows', 'deleterows')) return undefined;
  if (event.tableMap[event.tableId]?.tableName !== table) return undefined;
  const row: unknown = event.rows.at(-1);
  if (typeof row !== 'object' || row === null || isEventOf(event, 'deleterows')) return null;
  const after: unknown = isEventOf(event, 'updaterows') ? Reflect.get(row, 'after') : row;
  const beat = toBeat(typeof after === 'object' && after !== null ? after : {});
  return Number.isFinite(beat.count) && Number.isFinite(beat.serverId) ? beat : null;
}

/** Not numbers where the row lacks them. */
function toBeat(row: object): Beat {
  const numberOf = (column: string): number => Number(Reflect.get(row, column) ?? Number.NaN);
  return { serverId: numberOf('server_id'), count: numberOf('beat') };
}
