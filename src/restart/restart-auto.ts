import { describeError } from '../domain/errors.js';
import { RestartError, type RestartReport, type RestartTarget } from '../domain/restart.js';
import { findProcesses, type ProcessInstance } from './find-processes.js';
import { findOwningUnit, findOwnUnit } from './owning-units.js';
import { restartInstances, restartProcess } from './restart-process.js';
import { restartUnit, UnitJobPendingError } from './restart-unit.js';
import type { RestartContext } from './strategy.js';
import type { Systemctl } from './systemctl.js';
import { unitNameOf } from './unit-name.js';

/**
 * Strategy `auto` (R19): the unit of that name; else the units that the running processes belong to; else, or where
 * that failed, strategy `process`. Throws RestartError.
 */
export async function restartAuto(target: RestartTarget, context: RestartContext): Promise<RestartReport> {
  const { signal, systemctl } = context;
  if (!systemctl) return restartProcess(target, context);
  const options = { timeoutMs: target.settings.restartTimeoutMs, signal };
  const unit = unitNameOf(target.systemName);
  const exists = (await systemctl.show(unit, signal)).loadState !== 'not-found';
  const { owners, unowned } = exists ? { owners: [unit], unowned: [] } : await sortByOwner(target, systemctl);
  if (owners.length === 0) return restartProcess(target, context);
  try {
    const reports: RestartReport[] = [];
    for (const owner of owners) reports.push(await restartUnit(systemctl, owner, options));
    if (unowned.length > 0) reports.push(await restartInstances(target, context, unowned));
    return { ...reports[0], strategy: 'service', detail: reports.map(({ detail }) => detail).join('; ') };
  } catch (error) {
    // systemd's job goes on: a start of ours would compete with it.
    if (error instanceof UnitJobPendingError || signal.aborted) throw error;
    return fallBack(error, target, context);
  }
}

async function sortByOwner(
  target: RestartTarget,
  systemctl: Systemctl,
): Promise<{ owners: string[]; unowned: ProcessInstance[] }> {
  const ownUnit = await findOwnUnit();
  const owners = new Set<string>();
  const unowned: ProcessInstance[] = [];
  for (const instance of (await findProcesses(target.systemName)).instances) {
    const unit = await findOwningUnit(instance, systemctl, ownUnit);
    if (unit === undefined) unowned.push(instance);
    else owners.add(unit);
  }
  return { owners: [...owners], unowned };
}

async function fallBack(
  first: unknown,
  target: RestartTarget,
  context: RestartContext,
): Promise<RestartReport> {
  try {
    const report = await restartProcess(target, context);
    return { ...report, detail: `${describeError(first)}; then by process: ${report.detail}` };
  } catch (second) {
    throw new RestartError(
      `${describeError(first)}; then by process: ${describeError(second)}`,
      [first, second].some((error) => error instanceof RestartError && error.retryable),
      { cause: first },
    );
  }
}
