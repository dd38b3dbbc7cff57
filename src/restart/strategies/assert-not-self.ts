import { RestartError } from '../../domain/cycle/restart-target.js';
import { isOwnName, isPid1 } from '../../domain/system-name.js';
import { findOwnUnit } from '../systemd/owning-units.js';
import type { UnitReader } from '../systemd/systemd-client.js';
import { unitNameOf } from '../systemd/unit-name.js';

/** Throws RestartError if the name means this service, its unit (also by an alias) or pid 1 (R14). */
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

/** The unit behind an alias. Undefined if systemd does not answer, because that must not prevent a restart command. */
async function resolveAlias(unit: string, systemd: UnitReader | undefined): Promise<string | undefined> {
  return systemd?.show(unit, ['id']).then(
    ({ id }) => id,
    () => undefined,
  );
}
