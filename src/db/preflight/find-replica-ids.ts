import type { Connection } from 'mysql2/promise';
import { queryFirstKnown } from './query-first-known.js';

/**
 * The server_id of every replica that has registered with the server; undefined where the account may not ask
 * (MariaDB wants REPLICATION MASTER ADMIN for it). This service never registers, so that none of them is ours.
 *
 * @throws DatabaseError where the server fails in another way.
 */
export async function findReplicaIds(connection: Connection): Promise<readonly number[] | undefined> {
  const rows = await queryFirstKnown(connection, ['SHOW REPLICAS', 'SHOW SLAVE HOSTS']);
  return rows?.map((row) => Number(row.Server_Id ?? row.Server_id));
}
