import { describeError } from '../../domain/errors.js';
import { type CommandResult, type RunCommand, type RunOptions, runCommand } from '../commands/run-command.js';
import { isInServiceUnit } from './owning-units.js';
import { NoUnitError, runInTransientUnit } from './run-in-transient-unit.js';
import type { SystemdClient } from './systemd-client.js';
import type { CommandStep } from './transient-name.js';
import type { WaitingShells } from './waiting-shells/waiting-shells.js';

export interface ConfigCommandOptions extends Omit<RunOptions, 'env' | 'cwd' | 'spares'> {
  /** The process and the step of the command, for the name of its unit. */
  readonly of: { readonly systemName: string; readonly step: CommandStep };
}

/** Runs a command of the configuration file until it ends or its deadline passes (R15, R16). Never rejects. */
export type RunConfigCommand = (shell: string, options: ConfigCommandOptions) => Promise<CommandResult>;

interface ConfigCommandRunner {
  /** Undefined if this host has no systemd. */
  readonly systemd?: SystemdClient | undefined;
  /** Shells that wait in units of their own for the commands of the reaction. */
  readonly shells?: WaitingShells | undefined;
  /** Runs a command that needs no unit or cannot get one. */
  readonly run?: RunCommand;
  /**
   * Called with the reason for a command that ran as a child of this service. What it leaves behind ends with the
   * service.
   */
  readonly onNoUnit?: (
    unit: { readonly systemName: string; readonly step: CommandStep },
    why: string,
  ) => void;
}

/**
 * Creates a runner that works as runCommand does. If the service runs in a unit, each command gets its own unit,
 * outside the cgroup and the sandbox of ours: a command belongs to the administrator and may do what root may, and a
 * daemon that it leaves behind must outlive this service (R18). A command that cannot get a unit is run anyway.
 */
export function createConfigCommandRunner({
  systemd,
  shells,
  run = runCommand,
  onNoUnit,
}: ConfigCommandRunner): RunConfigCommand {
  return async (shell, options) => {
    const { of, ...rest } = options;
    if (!systemd || !(await isInServiceUnit())) return run({ shell }, rest);
    try {
      return await runInTransientUnit(shell, options, { systemd, shells });
    } catch (error) {
      if (!(error instanceof NoUnitError)) return notStarted(error);
      onNoUnit?.(of, describeError(error));
      return run({ shell }, rest);
    }
  };
}

function notStarted(error: unknown): CommandResult {
  const cause = error instanceof Error ? error : new Error(String(error));
  return { outcome: 'not-started', error: cause, output: '', durationMs: 0 };
}
