import { RestartError } from '../../domain/cycle/restart-target.js';
import { isOwnName, isPid1 } from '../../domain/system-name.js';
import { findOwnUnit } from '../systemd/owning-units.js';
import type { UnitReader } from '../systemd/systemd-client.js';
import { unitNameOf } from '../systemd/unit-name.js';

/** Throws RestartError for a name that means this service, its unit (by alias too) or pid 1 (R14). */
export async function assertNotSelf(
  systemName: string,
  systemd: UnitReader | undefined,
  own = findOwnUnit(),
): Promise<void> {
  if (isPid1(systemName)) throw new RestartError(`${systemName} is pid 1 and never restarted`, false);
  const unit = unitNameOf(systemName);
  const ownUnit = await own;
  if (
    isOwnName(systemName) ||
    unit === ownUnit ||
    (ownUnit && (await resolveAlias(unit, systemd)) === ownUnit)
  ) {
    throw new RestartError(`${systemName} is this service itself`, false, { remedy: 'put it under exclude' });
  }
}

/** A systemd that does not answer must not keep a restart command from being run. */
async function resolveAlias(unit: string, systemd: UnitReader | undefined): Promise<string | undefined> {
  return systemd?.show(unit, ['id']).then(
    ({ id }) => id,
    () => undefined,
  );
}
