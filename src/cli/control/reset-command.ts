import { askService } from '../../control/control-client.js';
import { RESET_REPLY } from '../../control/replies.js';
import { callService } from '../shared/call-service.js';
import { callerName } from '../shared/caller-name.js';
import { type AddCommand, addServiceOptions, type ServiceOptions } from '../shared/command-options.js';
import { printLines } from '../shared/output.js';
import { forNamesOrAll, printJsonOf } from './for-each-name.js';

interface ResetOptions extends ServiceOptions {
  readonly all?: true;
}

const HELP = `
Exit code: 0 all are closed, 1 one could not be, 3 the service is not running, 77 not for this user.

Examples:
  monitor_service reset httpd
  monitor_service reset httpd mailer
  monitor_service reset --all`;

export const addResetCommand: AddCommand = (program, end) => {
  const command = program
    .command('reset')
    .description('close the circuit breakers of processes, and handle at once what is raised')
    .argument('[name...]', 'the processes, as in PROCESE')
    .option('--all', 'close all of them');
  addServiceOptions(command)
    .addHelpText('after', HELP)
    .action(async (names: string[], options: ResetOptions) => {
      if ((names.length === 0) === (options.all === undefined)) {
        command.error('error: either names of processes or --all are needed');
      }
      end(
        await callService(options, (socket) =>
          forNamesOrAll(names, options, (name, label) => reset(socket, name, label, options)),
        ),
      );
    });
};

async function reset(
  socket: string,
  name: string | undefined,
  label: string,
  { json }: ResetOptions,
): Promise<number> {
  const body = { ...(name === undefined ? { all: true } : { name }), by: callerName() };
  const reply = await askService(socket, 'POST', '/reset', body, RESET_REPLY);
  if (json) await printJsonOf(name, label, reply);
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
