import { askService, ControlClientError } from '../../control/control-client.js';
import { STATUS_REPORT } from '../../control/status-report.js';
import { toPrintableJson } from '../../lib/printable-json.js';
import { reportFailure } from '../shared/call-service.js';
import type { ServiceOptions } from '../shared/command-options.js';
import { EXIT_NOT_RUNNING } from '../shared/exit-codes.js';
import { findService, type ServiceLocation } from '../shared/find-service.js';
import { exitOnClosedPipe, writeOut } from '../shared/output.js';
import { createPaint, type Paint, wantsColour } from '../shared/terminal.js';
import { formatOffline, formatStatus } from './format-status.js';

/** The lines of a status and its exit code. */
interface StatusView {
  readonly lines: readonly string[];
  readonly exitCode: number;
}

/** Shows the status once. */
export async function showStatus(options: ServiceOptions): Promise<number> {
  exitOnClosedPipe();
  try {
    const paint = createPaint(wantsColour(process.stdout));
    const { lines, exitCode } = await viewStatus(
      await findService(options.config),
      options.json === true,
      paint,
    );
    await writeOut(lines.map((line) => `${line}\n`).join(''));
    return exitCode;
  } catch (error) {
    return await reportFailure(error, options.json === true);
  }
}

/**
 * Asks the service. If it does not run, reads its state file and the table instead.
 *
 * @throws ControlClientError for anything but a service that does not run.
 */
export async function viewStatus(
  location: ServiceLocation,
  json: boolean,
  paint: Paint,
): Promise<StatusView> {
  try {
    const report = await askService(location.socket, 'GET', '/status', undefined, STATUS_REPORT);
    if (json) return { lines: [toPrintableJson({ isRunning: true, ...report })], exitCode: 0 };
    return { lines: formatStatus(report, Date.now(), paint), exitCode: 0 };
  } catch (error) {
    if (!(error instanceof ControlClientError) || error.failure !== 'absent') throw error;
    return viewOffline(location, error, json, paint);
  }
}

async function viewOffline(
  { config }: ServiceLocation,
  { message, remedy }: ControlClientError,
  json: boolean,
  paint: Paint,
): Promise<StatusView> {
  const exitCode = EXIT_NOT_RUNNING;
  // Loaded only here, because loading the database client takes time.
  const { readOfflineStatus } = await import('./offline-status.js');
  const offline = config && (await readOfflineStatus(config));
  if (json) return { lines: [toPrintableJson({ isRunning: false, error: message, ...offline })], exitCode };
  const first = paint({ text: `${message}; ${remedy}`, colour: 'red' });
  return { lines: [first, ...(offline ? formatOffline(offline, Date.now(), paint) : [])], exitCode };
}
