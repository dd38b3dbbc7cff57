import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { map } from 'rxjs';
import { RestartError } from '../../domain/cycle/restart-target.js';
import { formatEnvironmentFile } from '../commands/shell-text.js';
import { DESCRIBED_PROPERTIES, describeUnitState } from '../systemd/describe-unit-state.js';
import { runtimeDirectory } from '../systemd/runtime-directory.js';
import type { SystemdClient } from '../systemd/systemd-client.js';
import { daemonPrefix, daemonUnitName } from '../systemd/transient-name.js';
import type { UnitState } from '../systemd/unit-properties.js';
import { describeEarlyExit } from './become-program.js';
import { daemonUnit, environmentOf } from './daemon-unit.js';
import type { DaemonState, StartedDaemon, StartPlan } from './start-plan.js';

const START_TIMEOUT_MS = 30_000;

/**
 * Starts a daemon in its own transient unit. In our unit it would die with our next restart, even after `setsid`
 * (R18). Throws RestartError.
 */
export async function startTransient(
  plan: StartPlan,
  systemName: string,
  systemd: SystemdClient,
): Promise<StartedDaemon> {
  await forgetFailedStarts(systemName, systemd);
  const unit = daemonUnitName(systemName);
  const directory = await mkdtemp(join(runtimeDirectory(), 'process-monitor-'));
  try {
    const file = join(directory, 'environment');
    await writeFile(file, formatEnvironmentFile(environmentOf(plan)), { mode: 0o600, flag: 'wx' });
    const outcome = await systemd.startTransient(daemonUnit(unit, systemName, plan, file), {
      timeoutMs: START_TIMEOUT_MS,
    });
    if (outcome.outcome === 'refused') throw outcome.error;
    if (outcome.outcome === 'failed' || outcome.outcome === 'unfinished') {
      throw new RestartError(`start of ${unit} failed: ${outcome.reason}`, true, {
        remedy: `see journalctl -u ${unit}`,
      });
    }
  } finally {
    // systemd has read the file by now: it does so when it forks the process, before the job ends.
    await rm(directory, { recursive: true, force: true });
  }
  return {
    name: unit,
    states: systemd.watch(unit, DESCRIBED_PROPERTIES).pipe(map((state) => stateOf(unit, plan, state))),
    stop: () => systemd.kill(unit, 'SIGKILL'),
  };
}

/** Forgets the failed units of earlier starts. A name has no characters with a meaning in a glob. */
async function forgetFailedStarts(systemName: string, systemd: SystemdClient): Promise<void> {
  const units = await systemd.list(`${daemonPrefix(systemName).replaceAll('\\', '\\\\')}*`);
  const failed = units.filter(({ activeState }) => activeState === 'failed');
  await Promise.all(failed.map(({ id }) => systemd.resetFailed(id)));
}

function stateOf(
  unit: string,
  plan: StartPlan,
  state: Pick<UnitState, 'activeState' | 'subState' | 'result' | 'execMainStatus' | 'mainPid'>,
): DaemonState {
  if (state.activeState === 'failed') {
    const reason = describeEarlyExit(plan, state.execMainStatus);
    return {
      state: 'failed',
      reason: reason ?? `it is ${describeUnitState(state)}; see journalctl -u ${unit}`,
    };
  }
  // systemd forgets a unit that ended without an error: it is inactive or not-found.
  return state.activeState === 'inactive' ? { state: 'done' } : { state: 'running', pid: state.mainPid };
}
