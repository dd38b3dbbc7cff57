import { hangingLooks } from '../../restart/processes/hanging-looks.js';
import type { Log } from '../../telemetry/log/log.js';

/** Logs when something on this host gives no answer, and when the look at it has ended (R33); each once. */
export function logHangingLooks(log: Log): void {
  let told = new Map<number, string>();
  hangingLooks.onChange(() => {
    const now = new Map(hangingLooks.left.map(({ pid, subject }) => [pid, subject]));
    for (const [pid, subject] of now) {
      if (told.has(pid)) continue;
      log.warn(
        'monitor_service',
        `${subject} gives no answer: pid ${pid}, which looked at it, waits in the kernel and is left alone (${now.size} of at most ${hangingLooks.most})`,
      );
    }
    for (const [pid, subject] of told) {
      if (!now.has(pid)) log.info('monitor_service', `the look at ${subject} has ended`);
    }
    told = now;
  });
}
