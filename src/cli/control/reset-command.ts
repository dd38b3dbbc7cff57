import { askService } from '../../control/control-client.js';
import { RESET_REPLY } from '../../control/replies.js';
import { callService } from '../shared/call-service.js';
import { callerName } from '../shared/caller-name.js';
import { type AddCommand, addServiceOptions, type ServiceOptions } from '../shared/command-options.js';
import { printJson, printLines } from '../shared/output.js';

interface ResetOptions extends ServiceOptions {
  readonly all?: true;
}

export const addResetCommand: AddCommand = (program, end) => {
  const command = program
    .command('reset')
    .description('close the circuit breaker of a process, and handle its alarm at once if it is raised')
    .argument('[name]', 'the process, as in PROCESE')
    .option('--all', 'close all of them');
  addServiceOptions(command)
    .addHelpText('after', '\nExamples:\n  monitor_service reset httpd\n  monitor_service reset --all')
    .action(async (name: string | undefined, options: ResetOptions) => {
      if ((name === undefined) === (options.all === undefined)) {
        command.error('error: either the name of a process or --all is needed');
      }
      end(await callService(options, (socket) => reset(socket, name, options)));
    });
};

async function reset(socket: string, name: string | undefined, { json }: ResetOptions): Promise<number> {
  const body = { ...(name === undefined ? { all: true } : { name }), by: callerName() };
  const reply = await askService(socket, 'POST', '/reset', body, RESET_REPLY);
  if (json) await printJson(reply);
  else if (reply.reset.length > 0) {
    await printLines(...reply.reset.map((done) => `${done}: circuit breaker closed, no failures counted`));
  } else {
    await printLines(
      name === undefined
        ? 'no circuit breaker was open or had counted failures'
        : `${name}: the circuit breaker was already closed`,
    );
  }
  return 0;
}
