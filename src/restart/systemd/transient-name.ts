import { randomBytes } from 'node:crypto';

/** The commands of the configuration, as the names of their units have them. */
const COMMAND_STEPS = ['pre-restart', 'restart', 'health-check', 'notify'] as const;
export type CommandStep = (typeof COMMAND_STEPS)[number];

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

/** The units of all commands, as a glob of systemd. */
export const COMMAND_UNITS = `${TRANSIENT_PREFIX}command-*.service`;

const COMMAND_UNIT = new RegExp(
  `^${TRANSIENT_PREFIX}command-(.+?)-(${COMMAND_STEPS.join('|')})-[0-9a-f]{8}\\.service$`,
);

/** Whose command has this unit, and which; undefined for a name that `commandUnitName` does not make. */
export function parseCommandUnitName(unit: string): { systemName: string; step: string } | undefined {
  const parts = COMMAND_UNIT.exec(unit);
  const [, name, step] = parts ?? [];
  return name === undefined || step === undefined
    ? undefined
    : { systemName: name.replaceAll('\\x40', '@'), step };
}

function withRandom(prefix: string): string {
  return `${prefix}${randomBytes(4).toString('hex')}.service`;
}

/** With `@` it would be the instance of a template. */
function escapeAt(systemName: string): string {
  return systemName.replaceAll('@', '\\x40');
}
