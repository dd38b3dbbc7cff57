import type { Pool, PoolConnection } from 'mysql2';

/**
 * Keeps an error that comes after the end of a connection from ending this process (R13). A connection of mysql2 in a
 * pool listens to its errors once. A server that refuses it, or that says to an idle one that it closes it, takes this
 * listener away, and the network may fail afterwards: the server vanishes before it has closed its end, or its last
 * bytes are no TLS. Whoever works with the connection learns of its errors from his statement, and the pool from its
 * own listener, as before.
 */
export function surviveLateErrors(pool: Pool): void {
  const heard = new WeakSet<object>();
  const getConnection = pool.getConnection.bind(pool);
  // The pool tells of a connection only once it has logged in. It makes one within this call.
  pool.getConnection = (done) => {
    getConnection(done);
    for (const connection of connectionsOf(pool)) {
      if (heard.has(connection)) continue;
      heard.add(connection);
      connection.on('error', () => {});
    }
  };
}

/** All that the pool has made and not yet given up. mysql2 does not show them in its types. */
function connectionsOf(pool: Pool): readonly PoolConnection[] {
  const queue = Reflect.get(pool, '_allConnections') as Queue | undefined;
  return Array.from({ length: queue?.length ?? 0 }, (_, index) => queue?.get(index)).filter(
    (each) => each !== undefined,
  );
}

interface Queue {
  readonly length: number;
  get(index: number): PoolConnection | undefined;
}
