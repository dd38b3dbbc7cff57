import type { Connection } from 'mysql2/promise';
import { queryFirstKnown } from './query-first-known.js';

/**
 * The server_id of every replica that has registered with the server; undefined if the account may not ask (MariaDB
 * requires REPLICATION MASTER ADMIN). This service never registers, so none of them is ours.
 *
 * @throws DatabaseError if the server fails in another way.
 */
export async function findReplicaIds(connection: Connection): Promise<readonly number[] | undefined> {
  const rows = await queryFirstKnown(connection, ['SHOW REPLICAS', 'SHOW SLAVE HOSTS']);
  return rows?.map((row) => Number(row.Server_Id ?? row.Server_id));
}
