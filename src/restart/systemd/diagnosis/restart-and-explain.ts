import { RestartError } from '../../../domain/cycle/restart-target.js';
import { microsecondsSinceBoot } from '../../../lib/boot-clock.js';
import { restartUnit, UnitJobPendingError } from '../restart-unit.js';
import type { SystemdClient } from '../systemd-client.js';
import { lastLineOfRun, unmetConditionOf } from './unit-journal.js';

const EXPLAINING_PROPERTIES = [
  'id',
  'invocationId',
  'inactiveExitTimestamp',
  'execMainStartTimestamp',
  'conditionTimestamp',
  'unmetConditions',
  'unmetAsserts',
] as const;

/**
 * Restarts a unit as `restartUnit` does. If that fails, the error begins with what the words of systemd do not say:
 * the condition that is not met, or the last line that the new run wrote to the journal.
 */
export async function restartAndExplain(
  ...[systemd, unit, wait]: Parameters<typeof restartUnit>
): ReturnType<typeof restartUnit> {
  const startedAt = { boot: microsecondsSinceBoot(), epoch: Date.now() };
  try {
    return await restartUnit(systemd, unit, wait);
  } catch (error) {
    if (!(error instanceof RestartError) || error instanceof UnitJobPendingError) throw error;
    const isRefused = BY_DEPENDENCY.test(error.message);
    const why = isRefused
      ? `${unit} may be started by dependency only`
      : await explain(systemd, unit, startedAt).catch(() => '');
    if (why === '') throw error;
    const { retryable, remedy, cause } = error;
    throw new RestartError(`${why}; ${error.message}`, retryable, {
      ...(remedy !== undefined && { remedy }),
      cause: cause ?? error,
    });
  }
}

/** The message of systemd for RefuseManualStart=. */
const BY_DEPENDENCY = /may be requested by dependency only/;

async function explain(
  systemd: SystemdClient,
  unit: string,
  startedAt: { readonly boot: number; readonly epoch: number },
): Promise<string> {
  const state = await systemd.show(unit, EXPLAINING_PROPERTIES);
  const [unmet] = [...state.unmetAsserts, ...state.unmetConditions];
  if (unmet !== undefined && state.conditionTimestamp >= startedAt.boot)
    return `${state.id}: ${unmet} is not met`;
  const begunAt = Math.max(state.inactiveExitTimestamp, state.execMainStartTimestamp);
  // An older run says nothing about this restart.
  if (begunAt < startedAt.boot) {
    const condition = await unmetConditionOf(state.id, startedAt.epoch);
    return condition === '' ? '' : `${state.id}: ${condition} is not met`;
  }
  const line = await lastLineOfRun({ unit: state.id, invocationId: state.invocationId, begunAt });
  return line === '' ? '' : `${state.id}: ${line}`;
}
