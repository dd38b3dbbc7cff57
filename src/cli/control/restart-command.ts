import { ControlClientError, followService } from '../../control/control-client.js';
import { RESTART_LINE, type RestartLine } from '../../control/replies.js';
import { callService } from '../shared/call-service.js';
import { callerName } from '../shared/caller-name.js';
import { type AddCommand, addServiceOptions, type ServiceOptions } from '../shared/command-options.js';
import { EXIT_FAILURE } from '../shared/exit-codes.js';
import { printJson, printLines } from '../shared/output.js';
import type { Colour } from '../shared/terminal.js';

const EXAMPLES = `
It does what an alarm would do: pre-restart command, attempts, health check, circuit breaker. No alarm is needed; a
raised one is cleared. Ctrl-C only stops the display; the restart goes on.

Example:
  monitor_service restart httpd`;

export const addRestartCommand: AddCommand = (program, end) => {
  const command = program
    .command('restart')
    .description('restart a process now, and wait until it is verified or has failed')
    .argument('<name>', 'the process, as in PROCESE');
  addServiceOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, options: ServiceOptions) =>
      end(await callService(options, (socket) => restart(socket, name, options.json === true))),
    );
};

async function restart(socket: string, name: string, json: boolean): Promise<number> {
  for await (const line of followService(socket, '/restart', { name, by: callerName() }, RESTART_LINE)) {
    if (json) await printJson(line);
    else await showLine(name, line);
    if ('verified' in line) return line.verified ? 0 : EXIT_FAILURE;
  }
  throw new ControlClientError('broken', `the service stopped before the restart of ${name} finished`, {
    remedy: 'look at its log',
  });
}

const LEVEL_COLOURS: Readonly<Record<string, Colour>> = { warn: 'yellow', error: 'red', debug: 'dim' };

async function showLine(name: string, line: RestartLine): Promise<void> {
  if ('verified' in line) {
    if (line.verified) await printLines({ text: `${name} is restarted and healthy`, colour: 'green' });
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
    text: `${formatTime(line.at)}  ${line.message}`,
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
