import { InvalidArgumentError } from 'commander';
import { type AddCommand, addServiceOptions, type ServiceOptions } from '../shared/command-options.js';
import { showStatus } from './show-status.js';
import { watchStatus } from './watch-status.js';

interface StatusOptions extends ServiceOptions {
  readonly watch?: true | number;
}

const EXAMPLES = `
If the service does not run, this shows what the state file and the table say, and the exit code is 3.

Examples:
  monitor_service status
  monitor_service status --watch
  monitor_service status --json | jq .breakers`;

export const addStatusCommand: AddCommand = (program, end) => {
  const command = program
    .command('status')
    .description('show what the running service knows: stream, alarms, cycles, circuit breakers, pauses')
    .option(
      '--watch [seconds]',
      'show it again every second, or at this interval; q or Ctrl-C quits',
      parseInterval,
    );
  addServiceOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async ({ watch, ...options }: StatusOptions) => {
      if (watch === undefined) end(await showStatus(options));
      else end(await watchStatus(options, (watch === true ? 1 : watch) * 1000));
    });
};

function parseInterval(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 0.1 && seconds <= 3600) return seconds;
  throw new InvalidArgumentError('Allowed: 0.1 to 3600 seconds.');
}
