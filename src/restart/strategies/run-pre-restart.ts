import { RestartError, type RestartTarget } from '../../domain/cycle/restart-target.js';
import { describeCommandFailure } from '../commands/describe-command-failure.js';
import { substituteName } from '../commands/substitute-name.js';
import type { RunConfigCommand } from '../systemd/run-config-command.js';

/** Runs the pre-restart command, if there is one. Throws RestartError if its exit code is not 0. */
export async function runPreRestart(
  target: RestartTarget,
  signal: AbortSignal,
  run: RunConfigCommand,
): Promise<void> {
  const { preRestartCommand, restartTimeoutMs } = target.settings;
  if (preRestartCommand === undefined) return;
  const shell = substituteName(preRestartCommand, target.systemName);
  const result = await run(shell, {
    timeoutMs: restartTimeoutMs,
    signal,
    of: { systemName: target.systemName, step: 'pre-restart' },
  });
  if (result.outcome === 'exited' && result.exitCode === 0) return;
  throw new RestartError(`pre_restart_command: ${describeCommandFailure(result)}`, true);
}
