import { TRANSIENT_PREFIX } from './transient-name.js';

/**
 * The unit of the system manager that a process belongs to, from /proc/PID/cgroup; undefined outside any unit, e.g.
 * without systemd. The first part of the path that is no slice is the unit; what is below it is its own affair.
 */
export function unitOfCgroups(cgroups: string): string | undefined {
  const lines = cgroups.split('\n').map((line) => /^[0-9]+:([^:]*):(.*)$/.exec(line));
  // cgroup v1 keeps the units in a hierarchy of their own; v2 has only the one without controllers.
  for (const controllers of ['name=systemd', '']) {
    const path = lines.find((line) => line?.[1] === controllers)?.[2];
    const part = path?.split('/').find((name) => name !== '' && !name.endsWith('.slice'));
    // An underscore keeps a unit's directory apart from the files of the kernel (`_cpu.service`).
    const unit = part?.replace(/^_/, '');
    if (unit && /\.(service|scope)$/.test(unit)) return unit;
  }
  return undefined;
}

/**
 * Whether a restart of this unit is a restart of a daemon in it (R19). Scopes (`session-3.scope`) cannot be restarted,
 * a user's manager holds all that user runs, and a transient unit of ours has no file to be started from again.
 */
export function isRestartableOwner(unit: string, ownUnit: string | undefined): boolean {
  return (
    unit.endsWith('.service') &&
    !unit.startsWith('user@') &&
    !unit.startsWith(TRANSIENT_PREFIX) &&
    unit !== ownUnit
  );
}
