import { type PrivateServer, startPrivateServer } from '../private-server.js';

/** A MariaDB primary and its replica, which writes a binlog of its own: what is on one is soon on the other. */
interface ReplicaPair {
  readonly first: PrivateServer;
  readonly second: PrivateServer;
  /** Runs statements as root on a connection of their own. */
  on(server: PrivateServer, sql: string): Promise<unknown>;
  /** Waits until the replica has all that the primary has written. */
  caughtUp(): Promise<void>;
  /**
   * A planned switchover: the primary is made read-only and drained, the replica promoted. The old primary takes nothing from
   * the new one yet. Connections live on unless `kill` names their user.
   */
  switchOver(options?: { readonly kill?: string }): Promise<void>;
  /** The replica is promoted as it is; the primary may be dead. */
  promote(): Promise<void>;
  /** The replica takes nothing more from the primary. */
  cutReplication(): Promise<void>;
}

export async function startReplicaPair(): Promise<ReplicaPair & { stop(): Promise<void> }> {
  const start = (id: number) =>
    startPrivateServer({ flavour: 'mariadb', extraArgs: [`--server-id=${id}`, '--log-slave-updates'] });
  const [first, second] = await Promise.all([start(21), start(22)]);

  const on = async (server: PrivateServer, sql: string): Promise<unknown> => {
    const connection = await server.connect({ multipleStatements: true });
    try {
      return (await connection.query(sql))[0];
    } finally {
      await connection.end();
    }
  };
  const caughtUp = async (): Promise<void> => {
    const [row] = (await on(first, 'SELECT @@gtid_binlog_pos AS position')) as { position: string }[];
    await on(second, `SELECT MASTER_GTID_WAIT('${row?.position}', 30)`);
  };
  const promote = async (): Promise<void> => {
    await on(second, 'STOP SLAVE; RESET SLAVE ALL; SET GLOBAL read_only = OFF');
  };

  await on(
    first,
    "CREATE USER copy@localhost IDENTIFIED BY 'copy'; GRANT REPLICATION SLAVE ON *.* TO copy@localhost",
  );
  await on(
    second,
    `CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ${first.port}, MASTER_USER = 'copy',
      MASTER_PASSWORD = 'copy', MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1;
    SET GLOBAL read_only = ON; START SLAVE`,
  );
  return {
    first,
    second,
    on,
    caughtUp,
    promote,
    cutReplication: async () => void (await on(second, 'STOP SLAVE')),
    async switchOver({ kill } = {}) {
      await on(first, 'SET GLOBAL read_only = ON');
      await caughtUp();
      await promote();
      if (kill !== undefined) await on(first, `KILL CONNECTION USER ${kill}`);
    },
    stop: async () => void (await Promise.all([first.stop(), second.stop()])),
  };
}
