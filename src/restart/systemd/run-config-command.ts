import { describeError } from '../../domain/errors.js';
import { type CommandResult, type RunCommand, type RunOptions, runCommand } from '../commands/run-command.js';
import { findOwnUnit } from './owning-units.js';
import { NoUnitError, runInTransientUnit } from './run-in-transient-unit.js';
import type { SystemdClient } from './systemd-client.js';
import type { CommandStep } from './transient-name.js';

export interface ConfigCommandOptions extends Omit<RunOptions, 'env' | 'cwd' | 'spares'> {
  /** Whose command it is and which one, for the name of its unit. */
  readonly of: { readonly systemName: string; readonly step: CommandStep };
}

/** Runs a command of the configuration file to its end or its deadline, and never rejects (R15, R16). */
export type RunConfigCommand = (shell: string, options: ConfigCommandOptions) => Promise<CommandResult>;

interface ConfigCommandRunner {
  /** Absent: there is no systemd here. */
  readonly systemd?: SystemdClient | undefined;
  /** Where no unit is needed, or none can be had. */
  readonly run?: RunCommand;
  /** Told of a command that ran as a child of this service, and why: what it leaves behind ends with the service. */
  readonly onNoUnit?: (
    unit: { readonly systemName: string; readonly step: CommandStep },
    why: string,
  ) => void;
}

/**
 * As runCommand does, and outside the cgroup and the sandbox of our own unit where we run in one: a command is the
 * administrator's, and may do what root may; a daemon that it leaves behind must outlive this service (R18). One that
 * cannot get a unit is run all the same.
 */
export function createConfigCommandRunner({
  systemd,
  run = runCommand,
  onNoUnit,
}: ConfigCommandRunner): RunConfigCommand {
  return async (shell, options) => {
    const { of, ...rest } = options;
    const isOurService = systemd !== undefined && (await findOwnUnit())?.endsWith('.service') === true;
    if (!isOurService) return run({ shell }, rest);
    try {
      return await runInTransientUnit(shell, options, systemd);
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
