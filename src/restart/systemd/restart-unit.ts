import { setTimeout as delay } from 'node:timers/promises';
import { RestartError, type RestartReport } from '../../domain/cycle/restart-target.js';
import { describeCommandFailure } from '../commands/describe-command-failure.js';
import type { CommandResult } from '../commands/run-command.js';
import type { Systemctl } from './systemctl.js';
import type { UnitState } from './unit-state.js';
import { isActiveBeforeExec, judgeRestart } from './unit-verdict.js';

/** systemd goes on with the restart although we stopped waiting: nobody else may touch the daemon now. */
export class UnitJobPendingError extends RestartError {}

/** A simple service counts as running when it still does after this time. */
const SETTLE_MS = 500;
const LOOK_AGAIN_MS = 100;

/** Restarts a unit (R17). Its name is a full one. Throws RestartError; success is a new run of the unit. */
export async function restartUnit(
  systemctl: Systemctl,
  unit: string,
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<RestartReport> {
  const deadline = performance.now() + options.timeoutMs;
  const before = await systemctl.show(unit, options.signal);
  requireRestartable(unit, before);
  // Under its own name: an alias is no unit to reset-failed and friends.
  const id = before.id;
  if (before.activeState === 'failed' || before.result === 'start-limit-hit') await systemctl.resetFailed(id);
  let result = await systemctl.restart(id, options);
  if (
    result.outcome === 'exited' &&
    result.exitCode !== 0 &&
    (await systemctl.show(id)).result === 'start-limit-hit'
  ) {
    await systemctl.resetFailed(id);
    result = await systemctl.restart(id, {
      ...options,
      timeoutMs: Math.max(1, deadline - performance.now()),
    });
  }
  if (result.outcome === 'timed-out' || result.outcome === 'aborted') {
    throw new UnitJobPendingError(
      `systemctl restart ${id}: ${describeCommandFailure(result)}; systemd still works on it`,
      true,
      { remedy: `see systemctl status ${id}, or raise restart_timeout` },
    );
  }
  if (!succeeded(result)) {
    throw new RestartError(
      `systemctl restart ${id}: ${describeCommandFailure(result)}`,
      result.outcome !== 'not-started',
      {
        remedy: `see journalctl -u ${id}`,
      },
    );
  }
  const after = await waitForRun(systemctl, before, deadline, options.signal);
  const pid = after.mainPid > 0 ? `, main pid ${after.mainPid}` : '';
  return { strategy: 'service', unit: id, detail: `restarted ${id} with systemctl${pid}` };
}

/** Throws RestartError for a unit that systemd cannot start. */
export function requireRestartable(unit: string, state: UnitState): void {
  if (state.loadState === 'loaded') return;
  if (state.loadState === 'not-found') {
    throw new RestartError(`there is no unit ${unit}`, false, {
      remedy: 'set system_name to the name of the unit, or restart_strategy to process',
    });
  }
  if (state.loadState === 'masked') {
    throw new RestartError(`${unit} is masked: systemd may not start it`, false, {
      remedy: `systemctl unmask ${unit}`,
    });
  }
  throw new RestartError(`systemd cannot load ${unit} (${state.loadState})`, false, {
    remedy: `see systemctl status ${unit}`,
  });
}

function succeeded(result: CommandResult): boolean {
  return result.outcome === 'exited' && result.exitCode === 0;
}

async function waitForRun(
  systemctl: Systemctl,
  before: UnitState,
  deadline: number,
  signal: AbortSignal,
): Promise<UnitState> {
  const settled = isActiveBeforeExec(before) ? performance.now() + SETTLE_MS : 0;
  for (;;) {
    const after = await systemctl.show(before.id, signal);
    const verdict = judgeRestart(before, after);
    if (verdict.verdict === 'failed') {
      throw new RestartError(`${before.id} was restarted and does not run: ${verdict.reason}`, true, {
        remedy: `see journalctl -u ${before.id}`,
      });
    }
    if (verdict.verdict === 'runs' && performance.now() >= settled) return after;
    if (verdict.verdict === 'wait') {
      if (performance.now() >= deadline) {
        throw new UnitJobPendingError(`${before.id} is still starting (${after.subState})`, true);
      }
    }
    await delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) throw new UnitJobPendingError(`aborted while ${before.id} was starting`, true);
  }
}
