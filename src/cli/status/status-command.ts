import { InvalidArgumentError } from 'commander';
import { type AddCommand, addServiceOptions, type ServiceOptions } from '../shared/command-options.js';
import { showStatus } from './show-status.js';
import { watchStatus } from './watch-status.js';

interface StatusOptions extends ServiceOptions {
  readonly watch?: true | number;
}

const EXAMPLES = `
With names, or process_ids: all that is known of these processes, and what an alarm would do now. No command is run.
If the service does not run, this shows what the state file and the table say, and the exit code is 3.
Exit code: 0 the service runs, 1 a process is unknown, 3 it does not run, 69 the tables that names are looked up in cannot
be read, 77 not for this user, 78 the configuration is invalid (names need it).

Examples:
  monitor_service status
  monitor_service status httpd plc-gateway
  monitor_service status --watch
  monitor_service status --json | jq .breakers`;

export const addStatusCommand: AddCommand = (program, end) => {
  const command = program
    .command('status')
    .description('show what the running service knows: stream, alarms, cycles, circuit breakers, pauses')
    .argument('[name...]', 'only these processes, and all that is known of them')
    .option(
      '--watch [seconds]',
      'show it again every second, or at this interval; q or Ctrl-C quits',
      parseInterval,
    );
  addServiceOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (names: string[], { watch, ...options }: StatusOptions) => {
      if (names.length > 0) {
        if (watch !== undefined) command.error('error: --watch shows all processes, so it takes no names');
        // Loaded only here, because loading the database client takes time.
        const { showProcessStatus } = await import('./process/show-process-status.js');
        end(await showProcessStatus(names, options));
      } else if (watch === undefined) end(await showStatus(options));
      else end(await watchStatus(options, (watch === true ? 1 : watch) * 1000));
    });
};

function parseInterval(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 0.1 && seconds <= 3600) return seconds;
  throw new InvalidArgumentError('Allowed: 0.1 to 3600 seconds.');
}
