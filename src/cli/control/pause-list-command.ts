import type { Command } from 'commander';
import { askService } from '../../control/control-client.js';
import { STATUS_REPORT } from '../../control/status-report.js';
import { callService } from '../shared/call-service.js';
import { addServiceOptions, type ServiceOptions } from '../shared/command-options.js';
import { printJson, printLines } from '../shared/output.js';
import { createPaint, formatTable, wantsColour } from '../shared/terminal.js';
import { maintenanceRows, pauseRows } from '../status/status-rows.js';

/** Adds `pause list`: shows the pauses, and when each maintenance runs. */
export function addPauseListCommand(pause: Command, end: (exitCode: number) => void): void {
  const command = pause
    .command('list')
    .description('show the pauses and the maintenance, and when it runs next');
  addServiceOptions(command).action(async () => {
    // `pause` has the same options and takes them, before `list` or after it.
    const options = command.optsWithGlobals<ServiceOptions>();
    end(await callService(options, (socket) => listPauses(socket, options)));
  });
}

async function listPauses(socket: string, { json }: ServiceOptions): Promise<number> {
  const { pauses, maintenance = [] } = await askService(socket, 'GET', '/status', undefined, STATUS_REPORT);
  if (json) {
    await printJson({ pauses, maintenance });
    return 0;
  }
  const paint = createPaint(wantsColour(process.stdout));
  const lines = [
    ...(pauses.length === 0 ? ['nothing is paused'] : formatTable(pauseRows({ pauses }), paint)),
    ...(maintenance.length === 0
      ? []
      : ['', 'maintenance', ...formatTable(maintenanceRows({ maintenance }), paint)]),
  ];
  await printLines(...lines);
  return 0;
}
