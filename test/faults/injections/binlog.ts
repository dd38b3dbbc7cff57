import ZongJi from '@vlasky/zongji';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { type Lab, OUR_SERVER_ID } from '../scene/lab.js';
import type { Injection } from './injection.js';
import { last } from './last.js';

/** What happens to the binlog and to those who read it. */
export const BINLOG_FAULTS: readonly Injection[] = [
  {
    name: 'FLUSH BINARY LOGS',
    weight: 2,
    inject: ({ asRoot }) => asRoot((root) => flush(root)),
  },
  {
    name: 'PURGE BINARY LOGS',
    weight: 2,
    inject: ({ asRoot }) =>
      asRoot(async (root) => {
        await flush(root);
        const [files] = await root.query<RowDataPacket[]>('SHOW BINARY LOGS');
        await root.query('PURGE BINARY LOGS TO ?', [files.at(-1)?.Log_name]);
      }),
  },
  {
    name: 'RESET of the binlog',
    weight: 2,
    inject: (lab) =>
      // Refused while a transaction is prepared.
      lab.traffic.hold(() =>
        lab.asRoot((root) =>
          root.query(isMysql(lab) ? 'RESET BINARY LOGS AND GTIDS' : 'RESET MASTER').then(() => {}),
        ),
      ),
  },
  {
    name: 'KILL of the dump thread',
    weight: 4,
    inject: (lab) => kill(lab, "AND command LIKE 'Binlog Dump%'"),
  },
  {
    name: 'KILL of all other connections of the service',
    weight: 3,
    inject: (lab) => kill(lab, "AND command NOT LIKE 'Binlog Dump%'"),
  },
  {
    name: 'another client with our server_id',
    weight: 2,
    async inject(lab, random) {
      const { host, port, rootPassword } = lab.server;
      const other = new ZongJi({ host, port, user: 'root', password: rootPassword });
      other.on('error', () => {});
      other.start({ startAtEnd: true, serverId: OUR_SERVER_ID });
      await last(lab, random, 300, 1500);
      other.stop();
    },
  },
  {
    name: 'the right to read the binlog revoked',
    weight: 1,
    async inject(lab, random) {
      const { asRoot, database } = lab;
      await asRoot((root) => root.query(`REVOKE REPLICATION SLAVE ON *.* FROM ${database.account}`));
      await kill(lab, "AND command LIKE 'Binlog Dump%'");
      await last(lab, random, 200, 1000);
      await asRoot((root) => root.query(`GRANT REPLICATION SLAVE ON *.* TO ${database.account}`));
    },
  },
  ...(
    [
      ['binlog_row_image', "'MINIMAL'", "'FULL'", 2],
      ['binlog_format', "'STATEMENT'", "'ROW'", 2],
    ] as const
  ).map(
    ([name, value, before, weight]): Injection => ({
      name: `${name} = ${value} for all`,
      weight,
      inject: (lab, random) => setForAll(lab, name, value, before, () => last(lab, random, 300, 2000)),
    }),
  ),
  {
    name: 'compression of the binlog',
    weight: 2,
    inject: (lab, random) =>
      setForAll(lab, isMysql(lab) ? 'binlog_transaction_compression' : 'log_bin_compress', 'ON', 'OFF', () =>
        last(lab, random, 300, 2000),
      ),
  },
  {
    name: 'GTID on and off',
    weight: 2,
    inject: (lab, random) => (isMysql(lab) ? stepGtidMode(lab, random.chance(0.5)) : changeDomain(lab)),
  },
];

function isMysql({ server }: Lab): boolean {
  return server.flavour === 'mysql';
}

async function flush(root: Connection): Promise<void> {
  await root.query('FLUSH BINARY LOGS');
}

async function kill({ asRoot, database }: Lab, which: string): Promise<void> {
  await asRoot(async (root) => {
    const [rows] = await root.query<RowDataPacket[]>(
      `SELECT id FROM information_schema.processlist WHERE user = ? ${which}`,
      [database.user],
    );
    // It may have gone since.
    for (const { id } of rows) await root.query(`KILL ${Number(id)}`).catch(() => {});
  });
}

/** A setting of the server that counts for sessions which begin then: those of the service begin anew. */
async function setForAll(
  lab: Lab,
  name: string,
  value: string,
  before: string,
  meanwhile: () => Promise<void>,
): Promise<void> {
  await lab.asRoot((root) => root.query(`SET GLOBAL ${name} = ${value}`));
  await kill(lab, '');
  await meanwhile();
  await lab.asRoot((root) => root.query(`SET GLOBAL ${name} = ${before}`));
  await kill(lab, '');
}

const GTID_MODES = ['OFF', 'OFF_PERMISSIVE', 'ON_PERMISSIVE', 'ON'] as const;

/** To ON and, often, back again; each step makes the next binlog file. */
async function stepGtidMode({ asRoot, traffic }: Lab, staysOn: boolean): Promise<void> {
  await asRoot(async (root) => {
    await root.query('SET GLOBAL enforce_gtid_consistency = ON');
    const [[row]] = await root.query<RowDataPacket[]>('SELECT @@GLOBAL.gtid_mode AS mode');
    const place = GTID_MODES.indexOf(row?.mode);
    const up = GTID_MODES.slice(place + 1);
    const down = GTID_MODES.slice(0, 3).reverse();
    // Not while somebody has a transaction without a GTID open.
    for (const mode of staysOn ? up : [...up, ...down]) {
      await traffic.hold(() => root.query(`SET GLOBAL gtid_mode = ${mode}`));
    }
  });
}

async function changeDomain({ asRoot }: Lab): Promise<void> {
  await asRoot((root) => root.query('SET GLOBAL gtid_domain_id = (@@GLOBAL.gtid_domain_id + 1) % 3'));
}
