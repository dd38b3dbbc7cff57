import { askService } from '../../control/control-client.js';
import { PAUSE_REPLY } from '../../control/replies.js';
import { describePause } from '../../domain/cycle/pause.js';
import { shellWord } from '../../lib/shell-word.js';
import { callService } from '../shared/call-service.js';
import { callerName } from '../shared/caller-name.js';
import { type AddCommand, addServiceOptions, type ServiceOptions } from '../shared/command-options.js';
import { printLines } from '../shared/output.js';
import { parseDurationOption } from '../shared/parse-duration-option.js';
import { forNamesOrAll, printJsonOf } from './for-each-name.js';
import { addPauseListCommand } from './pause-list-command.js';

interface PauseOptions extends ServiceOptions {
  readonly for?: number;
  readonly reason?: string;
}

const EXAMPLES = `
Alarms that are raised during a pause stay raised, and are handled when it is over. Running cycles finish.
Exit code: 0 all are paused, 1 one is not, 3 the service is not running, 77 not for this user.

Examples:
  monitor_service pause --for 2h --reason "new disks"
  monitor_service pause httpd
  monitor_service pause httpd mailer --for 30m
  monitor_service pause list`;

export const addPauseCommand: AddCommand = (program, end) => {
  const command = program
    .command('pause')
    .description('stop restarting some processes, or all, for a while')
    .argument('[name...]', 'the processes, as in PROCESE; without any, all processes')
    .option('--for <time>', 'end by itself after this time, e.g. 90s, 30m, 2h, 1d', parseDurationOption)
    .option('--reason <text>', 'shown in the log and by status');
  addServiceOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (names: string[], options: PauseOptions) =>
      end(
        await callService(options, (socket) =>
          forNamesOrAll(names, options, (name, label) => pause(socket, name, label, options)),
        ),
      ),
    );
  addPauseListCommand(command, end);
};

async function pause(
  socket: string,
  name: string | undefined,
  label: string,
  options: PauseOptions,
): Promise<number> {
  const { for: forMs, reason, json } = options;
  const body = {
    by: callerName(),
    ...(name === undefined ? {} : { name }),
    ...(forMs === undefined ? {} : { forMs }),
    ...(reason === undefined ? {} : { reason }),
  };
  const reply = await askService(socket, 'POST', '/pause', body, PAUSE_REPLY);
  if (json) {
    await printJsonOf(name, label, reply);
    return 0;
  }
  const { processName } = reply.pause;
  await printLines(
    `${processName ?? 'all processes'}: ${describePause(reply.pause)}`,
    ...reply.warnings.map((warning) => ({ text: `${label}! ${warning}`, colour: 'yellow' as const })),
    {
      text: `${label}it ends with: monitor_service resume${processName === undefined ? '' : ` ${shellWord(processName)}`}`,
      colour: 'dim',
    },
  );
  return 0;
}
