import { RestartError, type RestartReport, type RestartTarget } from '../../domain/cycle/restart-target.js';
import { describeError } from '../../domain/errors.js';
import { describeOthers, othersInUnit } from '../systemd/diagnosis/others-in-unit.js';
import { restartAndExplain } from '../systemd/diagnosis/restart-and-explain.js';
import { UnitJobPendingError } from '../systemd/restart-unit.js';
import type { SystemdClient } from '../systemd/systemd-client.js';
import { assertFewInstances } from './assert-few-instances.js';
import { assertUnitAllowed, ExcludedUnitError } from './assert-unit-allowed.js';
import { chooseUnits, findUnowned } from './choose-units.js';
import { findOfTarget } from './find-of-target.js';
import { restartInstances, restartProcess } from './restart-process.js';
import { joinErrors, settleAll } from './settle-all.js';
import type { RestartContext } from './strategy.js';
import { unitWait } from './unit-wait.js';

/**
 * Strategy `auto` (R19): restarts the unit of that name, or else the units that the running processes belong to, or
 * else by strategy `process`. If a unit fails, restarts processes of that name outside any unit; not if one is excluded
 * (R14). Throws RestartError.
 */
export async function restartAuto(target: RestartTarget, context: RestartContext): Promise<RestartReport> {
  const { signal, systemd } = context;
  if (!systemd) return restartProcess(target, context);
  const { owners, pidsIn, unowned, hasNamesake } = await chooseUnits(target.systemName, {
    systemd,
    find: findOfTarget(target, context.memory),
  });
  if (owners.length === 0) return restartProcess(target, context);
  if (!hasNamesake) assertFewInstances(target, owners.length + unowned.length);
  try {
    for (const owner of owners) await assertUnitAllowed(target, owner, systemd);
    const reports = await restartAll(owners, pidsIn, target, { ...context, systemd });
    // One that an earlier attempt has stopped may not run at all.
    const isOwed = !hasNamesake && context.memory.begun.has(target.systemName);
    if (unowned.length > 0 || isOwed) reports.push(await restartInstances(target, context, unowned));
    const detail = reports.map((report) => report.detail).join('; ');
    if (hasNamesake) return { ...reports[0], strategy: 'service', detail };
    // The run of a supervisor's unit is not the run of the process, so none is reported here. It is found once the
    // process runs (R30).
    const [unit] = owners;
    return { strategy: 'service', ...(unit !== undefined && { unit }), detail };
  } catch (error) {
    // The job of systemd continues, and a start by us would compete with it.
    if (error instanceof UnitJobPendingError || signal.aborted) throw error;
    // Who excludes a unit does not want its process restarted, and the ones beside it alone prove nothing of it.
    if (error instanceof ExcludedUnitError) throw error;
    return fallBack(error, target, { ...context, systemd });
  }
}

/** All at once, with one deadline. One that fails does not keep the others from being restarted. */
async function restartAll(
  owners: readonly string[],
  pidsIn: ReadonlyMap<string, ReadonlySet<number>>,
  target: RestartTarget,
  context: RestartContext & { readonly systemd: SystemdClient },
): Promise<RestartReport[]> {
  const { systemd } = context;
  const restartOwner = async (owner: string): Promise<RestartReport> => {
    const pids = pidsIn.get(owner);
    const others = pids ? describeOthers(await othersInUnit(owner, pids, systemd)) : '';
    const report = await restartAndExplain(systemd, owner, unitWait(target, context));
    return others === '' ? report : { ...report, detail: `${report.detail} (${others})` };
  };
  const { values, errors } = await settleAll(owners.map(restartOwner));
  const [first] = errors;
  if (errors.length === 0) return values;
  throw (
    errors.find((error) => error instanceof UnitJobPendingError) ??
    (errors.length === 1 ? first : joinErrors(errors))
  );
}

/** The program of a failed unit is never started without its unit: user and arguments would be guesses. */
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
