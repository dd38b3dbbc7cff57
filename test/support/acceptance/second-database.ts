import { waitFor } from '../restart/wait-for.js';
import type { Alarms } from './alarms.js';
import type { Host } from './host.js';

/** The port of the second server; the first one has 3306. */
export const SECOND_PORT = 3307;

const DATA = '/var/lib/mysql-second';
const SOCKET = '/run/mysqld-second/mysqld.sock';
const UNIT = `[Unit]
Description=A second database server
[Service]
Type=notify
User=mysql
RuntimeDirectory=mysqld-second
ExecStart=/usr/sbin/mariadbd --no-defaults --datadir=${DATA} --socket=${SOCKET} --port=${SECOND_PORT} --bind-address=127.0.0.1 \\
  --server-id=2 --log-bin=second --log-slave-updates --read-only --innodb-buffer-pool-size=64M --innodb-log-file-size=8M
[Install]
WantedBy=multi-user.target
`;

/** Which of the two servers, and what the mariadb client needs to reach it. */
const CLIENT = { first: [], second: [`--socket=${SOCKET}`] } as const;
const PORT = { first: 3306, second: SECOND_PORT } as const;
type Name = keyof typeof PORT;

/** MariaDB servers on one host, the second a replica of the first until they change places. Each is a unit. */
export class TwoDatabases {
  constructor(
    private readonly host: Host,
    private readonly alarms: Alarms,
  ) {}

  /** Makes the second server and lets it replicate everything since the first one has had a binlog. */
  async start(): Promise<void> {
    const { host } = this;
    await host.write('/etc/systemd/system/mariadb-second.service', UNIT);
    await host.sh(`
      mariadb-install-db --no-defaults --user=mysql --datadir=${DATA} --skip-test-db >/dev/null
      systemctl daemon-reload
      systemctl start mariadb-second`);
    await this.sql(
      'first',
      "CREATE USER replication@localhost IDENTIFIED BY 'r'; GRANT REPLICATION SLAVE ON *.* TO replication@localhost",
    );
    await this.#follow('second', 'first');
    await this.#untilAt('second', await this.sql('first', 'SELECT @@gtid_binlog_pos'));
  }

  /** The switchover by hand of docs/failover.md. No connection is ended. */
  async switchOver(from: Name, to: Name): Promise<void> {
    await this.sql(from, 'SET GLOBAL event_scheduler = OFF; SET GLOBAL read_only = ON');
    await this.#untilAt(to, await this.sql(from, 'SELECT @@gtid_binlog_pos'));
    await this.promote(to);
    await this.#follow(from, to);
  }

  /** This one takes over, whatever became of the other. */
  async promote(name: Name): Promise<void> {
    await this.sql(name, 'STOP SLAVE; RESET SLAVE ALL; SET GLOBAL read_only = OFF');
    this.alarms.turnTo(CLIENT[name]);
  }

  /** As root, who may write on a server that is read-only. */
  async sql(name: Name, statement: string): Promise<string> {
    const client = ['mariadb', ...CLIENT[name], '--skip-column-names', '--batch'];
    return (await this.host.run(...client, '-e', statement)).trimEnd();
  }

  async #follow(name: Name, source: Name): Promise<void> {
    await this.sql(
      name,
      `CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ${PORT[source]}, MASTER_USER = 'replication',
        MASTER_PASSWORD = 'r', MASTER_CONNECT_RETRY = 1, MASTER_USE_GTID = slave_pos; START SLAVE`,
    );
  }

  async #untilAt(name: Name, position: string): Promise<void> {
    await waitFor(
      `the ${name} server to have ${position}`,
      async () => (await this.sql(name, `SELECT MASTER_GTID_WAIT('${position}', 5)`)) === '0',
    );
  }
}
