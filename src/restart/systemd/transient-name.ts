import { randomBytes } from 'node:crypto';

/** The commands of the configuration, as they appear in the names of their units. */
export const COMMAND_STEPS = ['pre-restart', 'restart', 'health-check', 'notify', 'escalation'] as const;
export type CommandStep = (typeof COMMAND_STEPS)[number];

/** The prefix of every unit that this version or an earlier one creates. */
export const TRANSIENT_PREFIX = 'process-monitor-';

/** Makes a name for the unit of a daemon, e.g. `process-monitor-daemon-mailer-3f9c12ab.service`. */
export function daemonUnitName(systemName: string): string {
  return withRandom(daemonPrefix(systemName));
}

/** The prefix of the units of all daemons for this system name. Other units may have it too. */
export function daemonPrefix(systemName: string): string {
  return `${TRANSIENT_PREFIX}daemon-${escapeAt(systemName)}-`;
}

/** Whether `daemonUnitName` makes such a name for this system name, and for no longer one. */
export function isDaemonUnitOf(unit: string, systemName: string): boolean {
  const prefix = daemonPrefix(systemName);
  return unit.startsWith(prefix) && /^[0-9a-f]{8}\.service$/.test(unit.slice(prefix.length));
}

/** Makes a name for the unit of a command (R31), e.g. `process-monitor-command-mailer-pre-restart-3f9c12ab.service`. */
export function commandUnitName(systemName: string, step: string): string {
  return withRandom(`${TRANSIENT_PREFIX}command-${escapeAt(systemName)}-${step}-`);
}

/** What a waiting shell may run. The two kinds differ because a health check must leave nothing behind. */
export type ShellKind = 'command' | 'check';

/** A name for the unit of a waiting shell: whose command it will run is not known yet. */
export function shellUnitName(kind: ShellKind): string {
  return withRandom(SHELL_PREFIXES[kind]);
}

/** Whether a shell waits in this unit, or has waited and runs a command now. */
export function isShellUnit(unit: string): boolean {
  return SHELL_UNIT.test(unit);
}

const SHELL_PREFIXES: Readonly<Record<ShellKind, string>> = {
  command: `${TRANSIENT_PREFIX}command-shell-`,
  check: `${TRANSIENT_PREFIX}command-check-shell-`,
};

const SHELL_UNIT = new RegExp(`^(${Object.values(SHELL_PREFIXES).join('|')})[0-9a-f]{8}\\.service$`);

/** The units of all commands and waiting shells, as a glob of systemd. */
export const COMMAND_UNITS = `${TRANSIENT_PREFIX}command-*.service`;

const COMMAND_UNIT = new RegExp(
  `^${TRANSIENT_PREFIX}command-(.+?)-(${COMMAND_STEPS.join('|')})-[0-9a-f]{8}\\.service$`,
);

/**
 * The process and the step in the name of a command's unit. Undefined for a name that `commandUnitName` does not
 * make.
 */
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

/** An `@` would make it an instance of a template. */
function escapeAt(systemName: string): string {
  return systemName.replaceAll('@', '\\x40');
}
