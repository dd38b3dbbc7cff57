import type { RowDataPacket } from 'mysql2/promise';
import { favour } from '../scene/favour.js';
import type { Injection } from './injection.js';
import { last } from './last.js';
import { settleXa } from './settle-xa.js';

/** What happens to the database server as a whole. */
export const SERVER_FAULTS: readonly Injection[] = [
  {
    name: 'server SIGKILL',
    weight: 3,
    cutsOff: true,
    async inject(lab, random) {
      await lab.server.kill('SIGKILL');
      await last(lab, random, 0, 600);
      await lab.server.start();
      favour(lab.server.pid);
      await settleXa(lab, random);
    },
  },
  {
    name: 'server restart, next binlog file',
    weight: 2,
    cutsOff: true,
    async inject(lab, random) {
      await lab.server.restart();
      favour(lab.server.pid);
      await settleXa(lab, random);
    },
  },
  {
    name: 'server SIGSTOP',
    weight: 3,
    cutsOff: true,
    async inject(lab, random) {
      await lab.server.kill('SIGSTOP');
      await last(lab, random, 100, 4000);
      await lab.server.kill('SIGCONT');
    },
  },
  {
    name: 'max_connections exhausted',
    weight: 2,
    cutsOff: true,
    async inject(lab, random) {
      await lab.asRoot(async (root) => {
        const [[row]] = await root.query<CountRow[]>(
          'SELECT COUNT(*) AS n FROM information_schema.processlist',
        );
        await root.query('SET GLOBAL max_connections = ?', [Math.max(10, Number(row?.n ?? 0))]);
        lab.proxy.resetAll();
        await last(lab, random, 200, 1500);
        await root.query('SET GLOBAL max_connections = 151');
      });
    },
  },
  {
    name: 'read_only',
    weight: 3,
    async inject(lab, random) {
      await lab.asRoot(async (root) => {
        await root.query('SET GLOBAL read_only = 1');
        await last(lab, random, 100, 1500);
        await root.query('SET GLOBAL read_only = 0');
      });
    },
  },
  {
    name: 'wait_timeout of 1 s',
    weight: 2,
    async inject(lab, random) {
      await lab.asRoot((root) => root.query('SET GLOBAL wait_timeout = 1'));
      lab.proxy.resetAll();
      await last(lab, random, 1200, 2500);
      await lab.asRoot((root) => root.query('SET GLOBAL wait_timeout = 28800'));
    },
  },
];

interface CountRow extends RowDataPacket {
  readonly n: number;
}
