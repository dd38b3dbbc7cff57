import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RestartError } from '../../domain/cycle/restart-target.js';
import { describeCommandFailure } from '../commands/describe-command-failure.js';
import { runCommand } from '../commands/run-command.js';
import { formatEnvironmentFile } from '../commands/shell-text.js';
import { runtimeDirectory } from '../systemd/runtime-directory.js';
import type { Systemctl } from '../systemd/systemctl.js';
import { TRANSIENT_PREFIX, transientName } from '../systemd/transient-name.js';
import { describeUnitState, type UnitState } from '../systemd/unit-state.js';
import type { DaemonState, StartedDaemon, StartPlan } from './start-plan.js';
import { transientArguments } from './transient-unit.js';

const RUN_TIMEOUT_MS = 30_000;

/**
 * Starts a daemon in a transient unit: in our own it would die with our next restart, `setsid` or not (R18).
 * Throws RestartError.
 */
export async function startTransient(
  plan: StartPlan,
  systemName: string,
  systemctl: Systemctl,
): Promise<StartedDaemon> {
  // What is left of earlier starts that failed later. A name has no character that means anything in a pattern.
  await systemctl.resetFailed(`${TRANSIENT_PREFIX}${systemName}-*`);
  const unit = transientName(systemName);
  const directory =
    plan.kind === 'program' ? await mkdtemp(join(runtimeDirectory(), 'process-monitor-')) : undefined;
  try {
    const file = directory && join(directory, 'environment');
    if (file && plan.kind === 'program') {
      await writeFile(file, formatEnvironmentFile(plan.env), { mode: 0o600, flag: 'wx' });
    }
    const result = await runCommand(
      { argv: ['systemd-run', ...transientArguments(unit, plan, file)] },
      { timeoutMs: RUN_TIMEOUT_MS },
    );
    if (result.outcome !== 'exited' || result.exitCode !== 0) {
      throw new RestartError(
        `systemd-run: ${describeCommandFailure(result)}`,
        result.outcome !== 'not-started',
      );
    }
  } finally {
    // systemd reads the file when it forks the process, and systemd-run waits for that.
    if (directory) await rm(directory, { recursive: true, force: true });
  }
  return {
    name: unit,
    look: async () => stateOf(unit, await systemctl.show(unit)),
    stop: () => systemctl.kill(unit),
  };
}

function stateOf(unit: string, state: UnitState): DaemonState {
  if (state.activeState === 'failed') {
    return { state: 'failed', reason: `it is ${describeUnitState(state)}; see journalctl -u ${unit}` };
  }
  // A unit that ended well is forgotten at once: inactive or not-found.
  return state.activeState === 'inactive' ? { state: 'done' } : { state: 'running', pid: state.mainPid };
}
