import { TRANSIENT_PREFIX } from './transient-name.js';

/**
 * The unit of the system manager to which a process belongs, from /proc/PID/cgroup. Undefined outside any unit, e.g.
 * without systemd. The unit is the first part of the path that is not a slice; what is below it belongs to the unit.
 */
export function unitOfCgroups(cgroups: string): string | undefined {
  const lines = cgroups.split('\n').map((line) => /^[0-9]+:([^:]*):(.*)$/.exec(line));
  // cgroup v1 has the units in a hierarchy of their own; v2 has only the one without controllers.
  for (const controllers of ['name=systemd', '']) {
    const path = lines.find((line) => line?.[1] === controllers)?.[2];
    const part = path?.split('/').find((name) => name !== '' && !name.endsWith('.slice'));
    // systemd puts an underscore before a name that would clash with a file of the kernel (`_cpu.service`).
    const unit = part?.replace(/^_/, '');
    if (unit && /\.(service|scope)$/.test(unit)) return unit;
  }
  return undefined;
}

/**
 * Whether restarting this unit restarts a daemon in it (R19). Scopes (`session-3.scope`) cannot be restarted, the
 * manager of a user holds everything that user runs, and our own transient units have no file to start again from.
 */
export function isRestartableOwner(unit: string, ownUnit: string | undefined): boolean {
  return (
    unit.endsWith('.service') &&
    !unit.startsWith('user@') &&
    !unit.startsWith(TRANSIENT_PREFIX) &&
    unit !== ownUnit
  );
}

/** Whether it is a unit in which somebody works: a login session, or the manager of a user. */
export function isOfSession(unit: string): boolean {
  return /^session-.*\.scope$/.test(unit) || /^user@.*\.service$/.test(unit);
}
