import { askService } from '../../control/control-client.js';
import { RESUME_REPLY } from '../../control/replies.js';
import { describePause } from '../../domain/cycle/pause.js';
import { callService } from '../shared/call-service.js';
import { callerName } from '../shared/caller-name.js';
import { type AddCommand, addServiceOptions, type ServiceOptions } from '../shared/command-options.js';
import { printJson, printLines } from '../shared/output.js';

interface ResumeOptions extends ServiceOptions {
  readonly all?: true;
}

const EXAMPLES = `
Without a name the pause of all processes ends; single ones that were paused by name stay paused, unless --all is given.

Examples:
  monitor_service resume
  monitor_service resume httpd
  monitor_service resume --all`;

export const addResumeCommand: AddCommand = (program, end) => {
  const command = program
    .command('resume')
    .description('end a pause, and handle the raised alarms')
    .argument('[name]', 'the process whose pause ends')
    .option('--all', 'end every pause');
  addServiceOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (name: string | undefined, options: ResumeOptions) => {
      if (name !== undefined && options.all) command.error('error: either a name or --all, not both');
      end(await callService(options, (socket) => resume(socket, name, options)));
    });
};

async function resume(
  socket: string,
  name: string | undefined,
  { all, json }: ResumeOptions,
): Promise<number> {
  const body = { by: callerName(), ...(name === undefined ? {} : { name }), ...(all ? { all } : {}) };
  const reply = await askService(socket, 'POST', '/resume', body, RESUME_REPLY);
  if (json) {
    printJson(reply);
    return 0;
  }
  const nameOf = ({ processName }: { processName?: string }): string => processName ?? 'all processes';
  printLines(
    ...reply.ended.map((pause) => `${nameOf(pause)}: resumed; a raised alarm is handled now`),
    ...reply.left.map((pause) => ({
      text: `${nameOf(pause)}: still ${describePause(pause)}`,
      colour: 'yellow' as const,
    })),
  );
  return 0;
}
