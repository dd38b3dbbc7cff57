import { setTimeout as delay } from 'node:timers/promises';
import { CHECK_INTERVAL_S } from './config-file.js';
import type { LogFeed } from './log-feed.js';

const INTERVAL_MS = CHECK_INTERVAL_S * 1000;
/** After a connect the service reads the table again until 1.5 s later. */
const SETTLED_MS = 1700;
const AFTER_CHECK_MS = 300;

/**
 * Waits for a moment at which the service does not read the table of its own accord: right after a check_interval. An
 * alarm that is raised then is seen in the binlog, and not, by accident, by a reading that passes just there.
 */
export async function untilQuiet(feed: LogFeed): Promise<void> {
  const started = await feed.find('monitor_service', /^started/, 0);
  const watching = await feed.find('monitor_service', /^watching the binlog/, 0);
  const firstCheckAt = started.arrivedAt + AFTER_CHECK_MS;
  const checks = Math.ceil((watching.arrivedAt + SETTLED_MS - firstCheckAt) / INTERVAL_MS);
  await delay(firstCheckAt + checks * INTERVAL_MS - performance.now());
}
