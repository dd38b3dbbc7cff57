import { type CommandResult, type RunCommand, type RunOptions, runCommand } from '../commands/run-command.js';
import { findOwnUnit } from './owning-units.js';
import { runInTransientUnit } from './run-in-transient-unit.js';
import { createSystemctl, isSystemdRunning } from './systemctl.js';

/**
 * Runs a command of the configuration file (R15, R16) and never rejects: as runCommand does, and outside the cgroup and
 * the sandbox of our own unit where we run in one. It is the administrator's, and may do what root may; a daemon that
 * it leaves behind must outlive this service (R18).
 */
export async function runConfigCommand(
  shell: string,
  options: Omit<RunOptions, 'env' | 'cwd'>,
  run: RunCommand = runCommand,
): Promise<CommandResult> {
  const isOurService = isSystemdRunning() && (await findOwnUnit())?.endsWith('.service') === true;
  return isOurService
    ? runInTransientUnit(shell, options, createSystemctl(run), run)
    : run({ shell }, options);
}
