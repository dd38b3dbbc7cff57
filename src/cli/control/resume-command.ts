import { askService } from '../../control/control-client.js';
import { RESUME_REPLY } from '../../control/replies.js';
import { describePause } from '../../domain/cycle/pause.js';
import { callService } from '../shared/call-service.js';
import { callerName } from '../shared/caller-name.js';
import { type AddCommand, addServiceOptions, type ServiceOptions } from '../shared/command-options.js';
import { printLines } from '../shared/output.js';
import { forNamesOrAll, printJsonOf } from './for-each-name.js';

interface ResumeOptions extends ServiceOptions {
  readonly all?: true;
  readonly maintenance?: string;
}

const EXAMPLES = `
Without a name, the pause of all processes ends; pauses of single processes end only with --all.
A maintenance ends for this time only; the next one comes by its schedule.
Exit code: 0 all are resumed, 1 one was not paused, 3 the service is not running, 77 not for this user.

Examples:
  monitor_service resume
  monitor_service resume httpd
  monitor_service resume httpd mailer
  monitor_service resume --all
  monitor_service resume --maintenance backup`;

export const addResumeCommand: AddCommand = (program, end) => {
  const command = program
    .command('resume')
    .description('end pauses, and handle the raised alarms')
    .argument('[name...]', 'the processes whose pauses end')
    .option('--all', 'end every pause, and all maintenance that runs')
    .option('--maintenance <name>', 'end this maintenance for all its processes, this time');
  addServiceOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (names: string[], options: ResumeOptions) => {
      if ([names[0], options.all, options.maintenance].filter((part) => part !== undefined).length > 1)
        command.error('error: only one of names, --all and --maintenance');
      end(
        await callService(options, (socket) =>
          forNamesOrAll(names, options, (name, label) => resume(socket, name, label, options)),
        ),
      );
    });
};

async function resume(
  socket: string,
  name: string | undefined,
  label: string,
  { all, maintenance, json }: ResumeOptions,
): Promise<number> {
  const body = {
    by: callerName(),
    ...(name === undefined ? {} : { name }),
    ...(all ? { all } : {}),
    ...(maintenance === undefined ? {} : { maintenance }),
  };
  const reply = await askService(socket, 'POST', '/resume', body, RESUME_REPLY);
  if (json) {
    await printJsonOf(name, label, reply);
    return 0;
  }
  const nameOf = ({ processName }: { processName?: string }): string => processName ?? 'all processes';
  // Of several names, those that follow are still paused: only what holds this one back is of interest.
  const left = reply.left.filter(({ processName }) => label === '' || (processName ?? name) === name);
  const labelOf = (pause: { processName?: string }): string => (pause.processName === undefined ? label : '');
  await printLines(
    ...reply.ended.map((pause) => `${nameOf(pause)}: resumed; a raised alarm is handled now`),
    ...left.map((pause) => ({
      text: `${labelOf(pause)}${nameOf(pause)}: still ${describePause(pause)}`,
      colour: 'yellow' as const,
    })),
  );
  return 0;
}
