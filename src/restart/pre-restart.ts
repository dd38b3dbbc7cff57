import { RestartError, type RestartTarget } from '../domain/restart.js';
import { describeCommandFailure } from './describe-command-failure.js';
import type { RunCommand } from './run-command.js';
import { runConfigured } from './run-configured.js';
import { substituteName } from './substitute-name.js';

/** Runs the pre-restart command, where there is one. Throws RestartError when it does not end with exit code 0. */
export async function runPreRestart(
  target: RestartTarget,
  signal: AbortSignal,
  run?: RunCommand,
): Promise<void> {
  const { preRestartCommand, restartTimeoutMs } = target.settings;
  if (preRestartCommand === undefined) return;
  const shell = substituteName(preRestartCommand, target.systemName);
  const result = await runConfigured(shell, { timeoutMs: restartTimeoutMs, signal }, run);
  if (result.outcome === 'exited' && result.exitCode === 0) return;
  throw new RestartError(`pre_restart_command: ${describeCommandFailure(result)}`, true);
}
