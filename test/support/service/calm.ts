import { REPEAT_AFTER_MS } from '../../../src/streams/alarm-signals.js';
import type { Daemon } from '../daemon.js';
import type { AlarmDatabase } from './alarm-database.js';
import type { SeenLine } from './line-watch.js';

const PROCESS_ID = 8888;
const LAST_REPEAT_MS = Math.max(...REPEAT_AFTER_MS);

/**
 * Waits until the last reconcile that follows the (re)connect of the stream is over: what is seen from then on came
 * through the binlog. An alarm that is kept out of the binlog can be seen by these reconciles alone.
 */
export async function untilCalm(daemon: Daemon, database: AlarmDatabase, watching: SeenLine): Promise<void> {
  const unlogged = (sql: string) => database.query(`SET SESSION sql_log_bin = 0; ${sql}`);
  await unlogged(`INSERT INTO PROCESE VALUES (${PROCESS_ID}, 'calm');
    INSERT INTO STATUS_PROCESS (process_id) VALUES (${PROCESS_ID})`);
  for (let from = watching.index; ; ) {
    await unlogged(`UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = ${PROCESS_ID}`);
    // On a slow machine the last of them may have been before this raise, or during the cycle before.
    const reading = setTimeout(() => daemon.signal('SIGHUP'), LAST_REPEAT_MS + LATE_MS);
    // One that comes while the cycle before makes sure of its clear is answered by a health check.
    const seen = await daemon
      .waitForLine(/ calm: (alarm seen|checked once more)/, { from })
      .finally(() => clearTimeout(reading));
    from = (await daemon.waitForLine(/ calm: alarm cleared/, { from: seen.index })).index + 1;
    if (timeOf(seen) - timeOf(watching) >= LAST_REPEAT_MS - TIMER_TOLERANCE_MS) return;
  }
}

const TIMER_TOLERANCE_MS = 10;
/** A reading that has not found the alarm by then has come before it: a reload makes the service read the table once more. */
const LATE_MS = 4000;

function timeOf({ text }: SeenLine): number {
  return new Date(text.slice(0, 23)).getTime();
}
