import { RestartError, type RestartTarget } from '../../domain/cycle/restart-target.js';
import { JUDGED_PROPERTIES, refuseUnlisted } from '../systemd/judge-unlisted.js';
import type { UnitReader } from '../systemd/systemd-client.js';

/** Throws RestartError if the target has no section and may not have this unit restarted (R25). */
export async function assertUnitAllowed(
  { processName, hasSection }: RestartTarget,
  unit: string,
  systemd: UnitReader | undefined,
): Promise<void> {
  if (hasSection || !systemd) return;
  const state = await systemd.show(unit, JUDGED_PROPERTIES);
  if (state.loadState === 'not-found') return;
  const triggers = await Promise.all(
    state.triggeredBy.map((trigger) => systemd.show(trigger, ['activeState'])),
  );
  const reason = refuseUnlisted(state, triggers);
  if (reason === undefined) return;
  throw new RestartError(`${reason}; a name without a section may not have it restarted`, false, {
    remedy: `add [process.${processName}] to config.ini`,
  });
}
