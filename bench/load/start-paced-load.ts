import { fileURLToPath } from 'node:url';
import type { PrivateServer } from '../../test/support/private-server.js';
import type { Closers } from '../support/closers.js';
import { startHelper } from '../support/helper-process.js';
import { median } from '../support/quantiles.js';

const PROGRAM = fileURLToPath(new URL('paced-load.mjs', import.meta.url));

interface PacedLoad {
  /** Transactions a second that were committed, median over its seconds. */
  rate(): number;
  stop(): Promise<void>;
}

/** Small transactions on a table that is not ours, until `stop`. Answers when it has begun. */
export async function startPacedLoad(
  server: PrivateServer,
  perSecond: number,
  closers: Closers,
  connections = 8,
): Promise<PacedLoad> {
  const { host, port, rootPassword: password } = server;
  const connection = { host, port, user: 'root', password };
  const { watch, stop } = await startHelper([PROGRAM], { connection, perSecond, connections }, closers);
  await watch.waitFor(/^ready$/, 0);
  return {
    rate() {
      const rates = watch.lines.map((line) => Number(/^rate (\d+)$/.exec(line)?.[1])).filter(Number.isFinite);
      return rates.length === 0 ? 0 : median(rates);
    },
    stop,
  };
}
