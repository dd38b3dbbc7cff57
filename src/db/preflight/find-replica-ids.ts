import type { Connection } from 'mysql2/promise';
import { toDatabaseError } from '../connection/database-error.js';
import { query } from '../connection/query.js';

const ACCESS_DENIED = 1227;
const PARSE_ERROR = 1064;

/**
 * The server_id of every replica that has registered with the server; undefined where the account may not ask
 * (MariaDB wants REPLICATION MASTER ADMIN for it). This service never registers, so that none of them is ours.
 *
 * @throws DatabaseError where the server fails in another way.
 */
export async function findReplicaIds(connection: Connection): Promise<readonly number[] | undefined> {
  for (const statement of ['SHOW REPLICAS', 'SHOW SLAVE HOSTS']) {
    try {
      const rows = await query<Readonly<Record<string, unknown>>>(connection, statement, []);
      return rows.map((row) => Number(row.Server_Id ?? row.Server_id));
    } catch (error) {
      const failure = toDatabaseError(error);
      if (failure.errno === ACCESS_DENIED) return undefined;
      if (failure.errno !== PARSE_ERROR) throw failure;
    }
  }
  return undefined;
}
