import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from 'mysql2/promise';
import type { Random } from '../../test/faults/random.js';
import { monotonicMs } from '../support/monotonic.js';
import type { Stage } from '../support/stage.js';

interface ReactionRun {
  /** On which alarms are raised. */
  readonly connection: Connection;
  readonly samples: number;
  readonly random: Random;
  /** Processes 1, 2, … whose alarms take turns. */
  readonly processes?: number;
  /** Waits until the alarm of this process is over, or ends it. */
  readonly settle: (processId: number) => Promise<void>;
}

/** Processes whose alarms take turns, unless a run has others. */
export const PROCESSES = 50;

/**
 * Raises one alarm after the other, and measures from the client's commit to the first instruction of the restart command,
 * ms. A pause by chance between two, so that nothing falls into step with a timer, and long enough for whoever gets ready for
 * the next one meanwhile: what is measured is an alarm that comes when all is calm.
 */
export async function measureReactions({ clock }: Stage, run: ReactionRun): Promise<number[]> {
  const { processes = PROCESSES } = run;
  const reactions: number[] = [];
  for (let count = 0; count < run.samples; count += 1) {
    const processId = 1 + (count % processes);
    const began = clock.next(`restart p${processId}`);
    await run.connection.query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = ?', [processId]);
    const committedAt = monotonicMs();
    reactions.push((await began) - committedAt);
    await run.settle(processId);
    await delay(run.random.between(20, 60));
  }
  return reactions;
}
