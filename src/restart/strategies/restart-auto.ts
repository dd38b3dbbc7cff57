import { RestartError, type RestartReport, type RestartTarget } from '../../domain/cycle/restart-target.js';
import { describeError } from '../../domain/errors.js';
import { restartUnit, UnitJobPendingError } from '../systemd/restart-unit.js';
import type { SystemdClient } from '../systemd/systemd-client.js';
import { assertUnitAllowed } from './assert-unit-allowed.js';
import { chooseUnits, findUnowned } from './choose-units.js';
import { findOfTarget } from './find-of-target.js';
import { restartInstances, restartProcess } from './restart-process.js';
import type { RestartContext } from './strategy.js';

/**
 * Strategy `auto` (R19): restarts the unit of that name, or else the units that the running processes belong to, or
 * else by strategy `process`. If a unit fails, restarts processes of that name outside any unit. Throws RestartError.
 */
export async function restartAuto(target: RestartTarget, context: RestartContext): Promise<RestartReport> {
  const { signal, onBegun, systemd } = context;
  if (!systemd) return restartProcess(target, context);
  const options = { timeoutMs: target.settings.restartTimeoutMs, signal, onBegun };
  const { owners, unowned } = await chooseUnits(target.systemName, {
    systemd,
    find: findOfTarget(target, context.memory),
  });
  if (owners.length === 0) return restartProcess(target, context);
  try {
    const reports: RestartReport[] = [];
    for (const owner of owners) {
      await assertUnitAllowed(target, owner, systemd);
      reports.push(await restartUnit(systemd, owner, options));
    }
    if (unowned.length > 0) reports.push(await restartInstances(target, context, unowned));
    return { ...reports[0], strategy: 'service', detail: reports.map(({ detail }) => detail).join('; ') };
  } catch (error) {
    // The job of systemd continues, and a start by us would compete with it.
    if (error instanceof UnitJobPendingError || signal.aborted) throw error;
    return fallBack(error, target, { ...context, systemd });
  }
}

/** Never starts the program of a unit by hand: the user and the arguments could be wrong. */
async function fallBack(
  first: unknown,
  target: RestartTarget,
  context: RestartContext & { readonly systemd: SystemdClient },
): Promise<RestartReport> {
  try {
    const unowned = await findUnowned(target.systemName, {
      systemd: context.systemd,
      find: findOfTarget(target, context.memory),
    });
    if (unowned.length === 0) throw first;
    const report = await restartInstances(target, context, unowned);
    return { ...report, detail: `${describeError(first)}; then by process: ${report.detail}` };
  } catch (second) {
    if (second === first) throw first;
    throw new RestartError(
      `${describeError(first)}; then by process: ${describeError(second)}`,
      [first, second].some((error) => error instanceof RestartError && error.retryable),
      { cause: first },
    );
  }
}
