import { randomBytes } from 'node:crypto';

/** Every unit that this service makes, in this version and earlier ones, begins with this. */
export const TRANSIENT_PREFIX = 'process-monitor-';

/** A name for the unit of one daemon, e.g. `process-monitor-daemon-mailer-3f9c12ab.service`. */
export function daemonUnitName(systemName: string): string {
  return withRandom(daemonPrefix(systemName));
}

/** The units of all daemons that were started for this system name begin with this; others may as well. */
export function daemonPrefix(systemName: string): string {
  return `${TRANSIENT_PREFIX}daemon-${escapeAt(systemName)}-`;
}

/** A name for the unit of one command (R31), e.g. `process-monitor-command-mailer-pre-restart-3f9c12ab.service`. */
export function commandUnitName(systemName: string, step: string): string {
  return withRandom(`${TRANSIENT_PREFIX}command-${escapeAt(systemName)}-${step}-`);
}

function withRandom(prefix: string): string {
  return `${prefix}${randomBytes(4).toString('hex')}.service`;
}

/** With `@` it would be the instance of a template. */
function escapeAt(systemName: string): string {
  return systemName.replaceAll('@', '\\x40');
}
