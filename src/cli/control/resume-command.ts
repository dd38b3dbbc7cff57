import { askService } from '../../control/control-client.js';
import { RESUME_REPLY } from '../../control/replies.js';
import { describePause } from '../../domain/cycle/pause.js';
import { callService } from '../shared/call-service.js';
import { callerName } from '../shared/caller-name.js';
import { type AddCommand, addServiceOptions, type ServiceOptions } from '../shared/command-options.js';
import { printJson, printLines } from '../shared/output.js';

interface ResumeOptions extends ServiceOptions {
  readonly all?: true;
  readonly maintenance?: string;
}

const EXAMPLES = `
Without a name, the pause of all processes ends; pauses of single processes end only with --all.
A maintenance ends for this time only; the next one comes by its schedule.

Examples:
  monitor_service resume
  monitor_service resume httpd
  monitor_service resume --all
  monitor_service resume --maintenance backup`;

export const addResumeCommand: AddCommand = (program, end) => {
  const command = program
    .command('resume')
    .description('end a pause, and handle the raised alarms')
    .argument('[name]', 'the process whose pause ends')
    .option('--all', 'end every pause, and all maintenance that runs')
    .option('--maintenance <name>', 'end this maintenance for all its processes, this time');
  addServiceOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (name: string | undefined, options: ResumeOptions) => {
      if ([name, options.all, options.maintenance].filter((part) => part !== undefined).length > 1)
        command.error('error: only one of a name, --all and --maintenance');
      end(await callService(options, (socket) => resume(socket, name, options)));
    });
};

async function resume(
  socket: string,
  name: string | undefined,
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
    await printJson(reply);
    return 0;
  }
  const nameOf = ({ processName }: { processName?: string }): string => processName ?? 'all processes';
  await printLines(
    ...reply.ended.map((pause) => `${nameOf(pause)}: resumed; a raised alarm is handled now`),
    ...reply.left.map((pause) => ({
      text: `${nameOf(pause)}: still ${describePause(pause)}`,
      colour: 'yellow' as const,
    })),
  );
  return 0;
}
