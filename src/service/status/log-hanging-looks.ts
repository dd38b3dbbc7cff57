import { hangingLooks } from '../../restart/processes/hanging-looks.js';
import type { Log } from '../../telemetry/log/log.js';

/**
 * Logs when something on this host gives no answer, and when the look at it has ended (R33); each once. The processes of a
 * user are one thing: he may have any number of them that hang.
 */
export function logHangingLooks(log: Log): void {
  let told = new Map<string, string>();
  let full: readonly number[] = [];
  hangingLooks.onChange(() => {
    const now = new Map<string, string>();
    const owners = new Set<number>();
    for (const { pid, subject, owner } of hangingLooks.left) {
      const key = owner ? `uid ${owner}` : `pid ${pid}`;
      if (owner) owners.add(owner);
      now.set(key, owner ? `the processes of uid ${owner}` : subject);
      if (told.has(key)) continue;
      told.set(key, subject);
      log.warn(
        'monitor_service',
        `${subject} gives no answer: pid ${pid}, which looked at it, waits in the kernel and is left alone`,
      );
    }
    const nowFull = [...owners].filter((owner) => !hangingLooks.hasRoom(owner));
    for (const owner of nowFull) {
      if (full.includes(owner)) continue;
      log.warn(
        'monitor_service',
        `no further process of uid ${owner} is looked at until one of those that give no answer has ended`,
      );
    }
    full = nowFull;
    for (const [key, subject] of told) {
      if (!now.has(key)) log.info('monitor_service', `the look at ${subject} has ended`);
    }
    told = now;
  });
}
