import { ControlClientError, followService } from '../../control/control-client.js';
import { RESTART_LINE, type RestartLine } from '../../control/replies.js';
import { callService } from '../shared/call-service.js';
import { callerName } from '../shared/caller-name.js';
import { type AddCommand, addServiceOptions, type ServiceOptions } from '../shared/command-options.js';
import { EXIT_FAILURE } from '../shared/exit-codes.js';
import { printLines } from '../shared/output.js';
import type { Colour } from '../shared/terminal.js';
import { forEachName, printJsonOf } from './for-each-name.js';

const EXAMPLES = `
It does what an alarm would do: pre-restart command, attempts, health check, circuit breaker. No alarm is needed; a
raised one is cleared. Ctrl-C only stops the display; the restart goes on. Several processes are restarted at once, as far
as max_parallel_restarts lets them; each line then begins with its process. A name that is refused holds no other back.
Exit code: 0 all are verified, 1 one is not or was refused, 3 the service is not running, 77 not for this user.

Examples:
  monitor_service restart httpd
  monitor_service restart httpd plc-gateway mailer`;

export const addRestartCommand: AddCommand = (program, end) => {
  const command = program
    .command('restart')
    .description('restart processes now, and wait until each is verified or has failed')
    .argument('<name...>', 'the processes, as in PROCESE');
  addServiceOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (names: string[], options: ServiceOptions) => {
      const json = options.json === true;
      end(
        await callService(options, (socket) =>
          forEachName(names, { json }, (name, label) => restart(socket, name, label, json)),
        ),
      );
    });
};

async function restart(socket: string, name: string, label: string, json: boolean): Promise<number> {
  for await (const line of followService(socket, '/restart', { name, by: callerName() }, RESTART_LINE)) {
    if (json) await printJsonOf(name, label, line);
    else await showLine(name, label, line);
    if ('verified' in line) return line.verified ? 0 : EXIT_FAILURE;
  }
  throw new ControlClientError('broken', `the service stopped before the restart of ${name} finished`, {
    remedy: 'look at its log',
  });
}

const LEVEL_COLOURS: Readonly<Record<string, Colour>> = { warn: 'yellow', error: 'red', debug: 'dim' };

async function showLine(name: string, label: string, line: RestartLine): Promise<void> {
  if ('verified' in line) {
    const well = label === '' ? `${name} is restarted and healthy` : `${label}restarted and healthy`;
    if (line.verified) await printLines({ text: well, colour: 'green' });
    else {
      const remedy = line.remedy === undefined ? '' : `; ${line.remedy}`;
      await printLines({ text: `${name}: ${line.message}${remedy}`, colour: 'red' });
    }
    return;
  }
  // The last line repeats this one.
  if (line.type === 'exhausted') return;
  const colour = LEVEL_COLOURS[line.level];
  await printLines({
    text: `${label}${formatTime(line.at)}  ${line.message}`,
    ...(colour === undefined ? {} : { colour }),
  });
}

function formatTime(at: number): string {
  const time = new Date(at);
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map((n) =>
    String(n).padStart(2, '0'),
  );
  return `${clock.join(':')}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}
