import { RestartError } from '../../domain/cycle/restart-target.js';
import { findOwnUnit } from '../systemd/owning-units.js';
import type { UnitReader } from '../systemd/systemctl.js';
import { unitNameOf } from '../systemd/unit-name.js';

const PID_1 = new Set(['init', 'systemd']);
const OWN_NAME = 'monitor_service';

/** Throws RestartError for a name that means this service, its unit (by alias too) or pid 1 (R14). */
export async function assertNotSelf(
  systemName: string,
  systemctl: UnitReader | undefined,
  own = findOwnUnit(),
): Promise<void> {
  const bare = systemName.replace(/\.service$/, '');
  if (PID_1.has(bare)) throw new RestartError(`${systemName} is pid 1 and never restarted`, false);
  const unit = unitNameOf(systemName);
  const ownUnit = await own;
  if (
    bare === OWN_NAME ||
    unit === ownUnit ||
    (ownUnit && (await resolveAlias(unit, systemctl)) === ownUnit)
  ) {
    throw new RestartError(`${systemName} is this service itself`, false, { remedy: 'put it under exclude' });
  }
}

/** A systemd that does not answer must not keep a restart command from being run. */
async function resolveAlias(unit: string, systemctl: UnitReader | undefined): Promise<string | undefined> {
  return systemctl?.show(unit).then(
    ({ id }) => id,
    () => undefined,
  );
}
