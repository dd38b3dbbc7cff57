import { Command, CommanderError } from 'commander';
import { VERSION } from '../service/shared/version.js';
import { addAlarmCommand } from './alarm/alarm-command.js';
import { addCheckCommand } from './check/check-command.js';
import { addPauseCommand } from './control/pause-command.js';
import { addReloadCommand } from './control/reload-command.js';
import { addResetCommand } from './control/reset-command.js';
import { addRestartCommand } from './control/restart-command.js';
import { addResumeCommand } from './control/resume-command.js';
import { addTestNotificationCommand } from './control/test-notification-command.js';
import { addHistoryCommand } from './history/history-command.js';
import { addRunCommand } from './run/run-command.js';
import type { AddCommand } from './shared/command-options.js';
import { EXIT_USAGE } from './shared/exit-codes.js';
import { addStatusCommand } from './status/status-command.js';
import { addTestAlarmCommand } from './test-alarm/test-alarm-command.js';
import { addWebPasswordCommand } from './web/web-password-command.js';

const COMMANDS: readonly AddCommand[] = [
  addRunCommand,
  addCheckCommand,
  addStatusCommand,
  addRestartCommand,
  addPauseCommand,
  addResumeCommand,
  addResetCommand,
  addReloadCommand,
  addAlarmCommand,
  addTestAlarmCommand,
  addTestNotificationCommand,
  addHistoryCommand,
  addWebPasswordCommand,
];

/** Runs the command in argv. Resolves to the exit code. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = createProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : EXIT_USAGE;
  }
  return exitCode;
}

/** Defines all commands, their options and their help. `end` gets the exit code of the command that ran. */
export function createProgram(end: (exitCode: number) => void): Command {
  const program = new Command('monitor_service')
    .description('Restarts the processes whose alarms are raised in a MySQL or MariaDB table')
    .version(VERSION)
    .showHelpAfterError(
      '→ monitor_service --help lists the commands, monitor_service COMMAND --help has the options of one',
    )
    .exitOverride();
  for (const add of COMMANDS) add(program, end);
  return program;
}
