import { randomBytes } from 'node:crypto';

/** The units in which this service starts daemons begin with this. */
export const TRANSIENT_PREFIX = 'process-monitor-';

/** A name for the transient unit of one start, e.g. `process-monitor-mailer-3f9c12ab.service`. */
export function transientName(systemName: string): string {
  return `${TRANSIENT_PREFIX}${systemName}-${randomBytes(4).toString('hex')}.service`;
}
