import { isExcluded } from '../../domain/cycle/admission.js';
import { RestartError, type RestartTarget } from '../../domain/cycle/restart-target.js';
import { NATURE_PROPERTIES, PAST_PROPERTIES, refuseUnlisted, runsNow } from '../systemd/refuse-unlisted.js';
import type { UnitReader } from '../systemd/systemd-client.js';
import { EMPTY_UNIT } from '../systemd/unit-properties.js';

/** The unit is under `exclude` by one of its names (R14). */
export class ExcludedUnitError extends RestartError {
  constructor(unit: string, excluded: string) {
    const which = unit === excluded ? unit : `${unit} is ${excluded}, which`;
    super(`${which} is excluded in config.ini`, false, {
      remedy: 'put this name under exclude as well, or take the other one out',
    });
  }
}

/** Throws ExcludedUnitError if this target may not have this unit restarted, or RestartError: see `assertListed`. */
export async function assertUnitAllowed(
  target: RestartTarget,
  unit: string,
  systemd: UnitReader | undefined,
): Promise<void> {
  const { exclude = [] } = target;
  if (systemd && exclude.length > 0) {
    const { id, names } = await systemd.show(unit, ['id', 'names']).catch((error: unknown) => {
      // A systemd that gives no answer must not prevent a restart command; the name itself has been admitted.
      if (target.hasSection && target.settings.restartCommand !== undefined) return { id: unit, names: [] };
      throw error;
    });
    const excluded = [unit, id, ...names].find((name) => isExcluded(name, exclude));
    if (excluded !== undefined) throw new ExcludedUnitError(unit, excluded);
  }
  await assertListed(target, unit, systemd);
}

/** Throws ExcludedUnitError if the processes of this unit may not be stopped: its main process, and the unit is excluded. */
export async function assertMainAllowed(
  { exclude = [] }: RestartTarget,
  unit: string,
  pids: readonly number[],
  systemd: UnitReader,
): Promise<void> {
  if (exclude.length === 0) return;
  const { id, names, mainPid } = await systemd.show(unit, ['id', 'names', 'mainPid']);
  const excluded = [unit, id, ...names].find((name) => isExcluded(name, exclude));
  if (excluded !== undefined && pids.includes(mainPid)) throw new ExcludedUnitError(unit, excluded);
}

/** Throws RestartError if the target has no section and may not have this unit restarted (R25). */
export async function assertListed(
  { processName, hasSection }: RestartTarget,
  unit: string,
  systemd: UnitReader | undefined,
): Promise<void> {
  if (hasSection || !systemd) return;
  const nature = await systemd.show(unit, NATURE_PROPERTIES);
  if (nature.loadState === 'not-found') return;
  const past = runsNow(nature) ? EMPTY_UNIT : await systemd.show(unit, PAST_PROPERTIES);
  const triggers = await Promise.all(
    past.triggeredBy.map((trigger) => systemd.show(trigger, ['activeState'])),
  );
  const reason = refuseUnlisted({ ...past, ...nature }, triggers);
  if (reason === undefined) return;
  throw new RestartError(`${reason}; it is not restarted for a name without a section`, false, {
    remedy: `add [process.${processName}] to config.ini`,
  });
}
