import type { Daemon } from '../daemon.js';
import type { SeenLine } from './line-watch.js';

/**
 * Waits until the last reading that follows the (re)connect of the stream is over: what is seen from then on came through
 * the binlog.
 */
export async function untilCalm(daemon: Daemon, watching: SeenLine): Promise<void> {
  await daemon.waitForLine(/the table has been read: /, { from: watching.index });
}
