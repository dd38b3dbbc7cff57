import { setTimeout as delay } from 'node:timers/promises';
import type { BenchContext } from '../support/bench.js';
import { monotonicMs } from '../support/monotonic.js';
import type { Stage } from '../support/stage.js';
import { PROCESSES } from './measure-reactions.js';

/** How often the service is made to poll, s. */
export const POLLED_EVERY_S = 1;
/** Between two raises; a process has its turn again when its last alarm is long over. */
const MEAN_PAUSE_MS = 100;

/**
 * Reactions, in ms, of a service that does not read the binlog: alarms are raised at moments that have nothing to do with
 * its polls. Many restarts at once are allowed, so that those of one poll do not wait for each other.
 */
export async function measurePolling(
  stage: Stage,
  context: BenchContext,
  samples: number,
): Promise<number[]> {
  const { database, clock } = stage;
  const daemon = await stage.launch({
    binlog: { enabled: 'no' },
    monitor: { fallback_interval: POLLED_EVERY_S, max_parallel_restarts: 16 },
  });
  await daemon.waitForLine(/monitor_service: started, pid/);
  const reactions = await database.session(async (connection) => {
    const waiting: Promise<number>[] = [];
    for (let count = 0; count < samples; count += 1) {
      const processId = 1 + (count % PROCESSES);
      const began = clock.next(`restart p${processId}`);
      await connection.query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = ?', [processId]);
      const committedAt = monotonicMs();
      waiting.push(began.then((at) => at - committedAt));
      await delay(context.random.between(0, 2 * MEAN_PAUSE_MS));
    }
    return Promise.all(waiting);
  });
  await daemon.stop();
  return reactions;
}
