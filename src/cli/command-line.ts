import { Command, CommanderError } from 'commander';
import { VERSION } from '../service/version.js';
import type { AddCommand } from './add-command.js';
import { addAlarmCommand } from './alarm-command.js';
import { addCheckCommand } from './check-command.js';
import { EXIT_USAGE } from './exit-codes.js';
import { addHistoryCommand } from './history-command.js';
import { addPauseCommand } from './pause-command.js';
import { addResetCommand } from './reset-command.js';
import { addRestartCommand } from './restart-command.js';
import { addResumeCommand } from './resume-command.js';
import { addRunCommand } from './run-command.js';
import { addStatusCommand } from './status-command.js';
import { addTestAlarmCommand } from './test-alarm-command.js';

const COMMANDS: readonly AddCommand[] = [
  addRunCommand,
  addCheckCommand,
  addStatusCommand,
  addRestartCommand,
  addPauseCommand,
  addResumeCommand,
  addResetCommand,
  addAlarmCommand,
  addTestAlarmCommand,
  addHistoryCommand,
];

/** Runs the command that argv names; resolves to the exit code. */
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

/** All commands, their options and their help; `end` is told the exit code of the one that ran. */
export function createProgram(end: (exitCode: number) => void): Command {
  const program = new Command('monitor_service')
    .description('Restarts the processes that a MySQL or MariaDB table puts in alarm')
    .version(VERSION)
    .exitOverride();
  for (const add of COMMANDS) add(program, end);
  return program;
}
