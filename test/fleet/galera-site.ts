import { setTimeout as pause } from 'node:timers/promises';
import { startGaleraCluster } from '../support/database/galera-cluster.js';
import type { PrivateServer } from '../support/private-server.js';
import { createAlarmDatabase } from '../support/service/alarm-database.js';
import { createTool, runAsRoot, runAsTool, type Site } from './site.js';

/** Three Galera nodes, any of which may write and serve the streams. */
export interface GaleraSite extends Site {
  /** The first node is cut off from the others, and alarms are raised on the second one. */
  cutOffFirst(): Promise<void>;
  /** The first node is back. */
  joinFirst(): Promise<void>;
  /** Two nodes stand still for a time, ms: the third has no quorum, and nobody can write. */
  loseQuorum(ms: number): Promise<void>;
}

/** @param library See `findGalera`. */
export async function startGaleraSite(library: string): Promise<GaleraSite> {
  const cluster = await startGaleraCluster(library, ['--max-connections=5000']);
  const [first, second, third] = cluster.nodes;
  let primary: PrivateServer = first;
  const database = await createAlarmDatabase(first);
  await database.runFile(first, 'fleet.sql');
  const on = runAsRoot;
  const sources = cluster.nodes;
  await createTool({ primary, database, on, sources });
  return {
    ...{ database, on, sources },
    get primary() {
      return primary;
    },
    asTool: (sql) => runAsTool(primary, sql),
    async cutOffFirst() {
      await cluster.isolate(first);
      primary = second;
    },
    joinFirst: () => cluster.rejoin(first),
    async loseQuorum(ms) {
      await Promise.all([first, third].map((node) => node.kill('SIGSTOP')));
      await pause(ms);
      await Promise.all([first, third].map((node) => node.kill('SIGCONT')));
    },
    stop: () => cluster.stop(),
  };
}
