import { RestartError, type RestartTarget } from '../../domain/cycle/restart-target.js';
import { NATURE_PROPERTIES, PAST_PROPERTIES, refuseUnlisted, runsNow } from '../systemd/refuse-unlisted.js';
import type { UnitReader } from '../systemd/systemd-client.js';
import { EMPTY_UNIT } from '../systemd/unit-properties.js';

/** Throws RestartError if the target has no section and may not have this unit restarted (R25). */
export async function assertUnitAllowed(
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
