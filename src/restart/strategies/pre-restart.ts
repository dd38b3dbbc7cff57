import { RestartError, type RestartTarget } from '../../domain/cycle/restart-target.js';
import { describeCommandFailure } from '../commands/describe-command-failure.js';
import type { RunCommand } from '../commands/run-command.js';
import { substituteName } from '../commands/substitute-name.js';
import { runConfigCommand } from '../systemd/run-config-command.js';

/** Runs the pre-restart command, where there is one. Throws RestartError when it does not end with exit code 0. */
export async function runPreRestart(
  target: RestartTarget,
  signal: AbortSignal,
  run?: RunCommand,
): Promise<void> {
  const { preRestartCommand, restartTimeoutMs } = target.settings;
  if (preRestartCommand === undefined) return;
  const shell = substituteName(preRestartCommand, target.systemName);
  const result = await runConfigCommand(shell, { timeoutMs: restartTimeoutMs, signal }, run);
  if (result.outcome === 'exited' && result.exitCode === 0) return;
  throw new RestartError(`pre_restart_command: ${describeCommandFailure(result)}`, true);
}
