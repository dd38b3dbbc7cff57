import { RestartError, type RestartReport, type RestartTarget } from '../../domain/cycle/restart-target.js';
import { describeCommandFailure } from '../commands/describe-command-failure.js';
import { substituteName } from '../commands/substitute-name.js';
import type { RunConfigCommand } from '../systemd/run-config-command.js';
import type { RestartContext } from './strategy.js';

/** Runs the restart command, which replaces the restart of any strategy (R20). Throws RestartError. */
export async function restartCustom(
  target: RestartTarget,
  command: string,
  { signal, onBegun }: Pick<RestartContext, 'signal' | 'onBegun'>,
  run: RunConfigCommand,
): Promise<RestartReport> {
  const shell = substituteName(command, target.systemName);
  const result = await run(shell, {
    timeoutMs: target.settings.restartTimeoutMs,
    signal,
    onStart: onBegun,
    of: { systemName: target.systemName, step: 'restart' },
  });
  if (result.outcome !== 'exited' || result.exitCode !== 0) {
    throw new RestartError(`restart_command: ${describeCommandFailure(result)}`, true);
  }
  return { strategy: 'custom', detail: `restart_command ended after ${result.durationMs / 1000} s` };
}
