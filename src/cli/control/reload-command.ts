import { ConfigError } from '../../config/reading/config-error.js';
import { askService, ControlClientError } from '../../control/control-client.js';
import { RELOAD_REPLY, type ReloadReply } from '../../control/replies.js';
import { callService } from '../shared/call-service.js';
import { type AddCommand, addServiceOptions, type ServiceOptions } from '../shared/command-options.js';
import { EXIT_CONFIG } from '../shared/exit-codes.js';
import { printJson, printLines, writeOut } from '../shared/output.js';
import { readConfig } from '../shared/read-config.js';

export const addReloadCommand: AddCommand = (program, end) => {
  const command = program
    .command('reload')
    .description('let the running service read its configuration again, and say whether it is accepted');
  addServiceOptions(command)
    .addHelpText('after', '\nExit code: 0 accepted, 78 refused: the service keeps the old configuration.')
    .action(async (options: ServiceOptions) =>
      // The service itself reports the faults.
      end(await callService(options, (socket) => reload(socket, options), { tellsFaults: false })),
    );
};

async function reload(socket: string, options: ServiceOptions): Promise<number> {
  const reply = await askOrSignal(socket, options);
  if (options.json) await printJson(reply);
  else if (reply.isTaken) await printLines('configuration reloaded');
  else await writeOut(`${reply.problem}\nthe service keeps the old configuration\n`, process.stderr);
  return reply.isTaken ? 0 : EXIT_CONFIG;
}

/**
 * Asks the service to reload. If that fails and this is ExecReload= of the unit (`$MAINPID` is set), sends SIGHUP instead:
 * the service may have no socket, or the new file names another one. Then the file is judged here.
 */
async function askOrSignal(socket: string, { config }: ServiceOptions): Promise<ReloadReply> {
  try {
    return await askService(socket, 'POST', '/reload', undefined, RELOAD_REPLY);
  } catch (error) {
    const pid = Number(process.env.MAINPID ?? 0);
    if (!(error instanceof ControlClientError) || !(pid > 1)) throw error;
    process.kill(pid, 'SIGHUP');
    return judgeFile(config);
  }
}

function judgeFile(config: string): ReloadReply {
  try {
    readConfig(config);
    return { isTaken: true };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { isTaken: false, problem: error.message };
  }
}
