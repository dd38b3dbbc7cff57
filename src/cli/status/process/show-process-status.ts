import { ControlClientError } from '../../../control/control-client.js';
import { toPrintableJson } from '../../../lib/printable-json.js';
import { reportFailure } from '../../shared/call-service.js';
import type { ServiceOptions } from '../../shared/command-options.js';
import { EXIT_NOT_RUNNING } from '../../shared/exit-codes.js';
import { toLocaleText } from '../../shared/locale-text.js';
import { exitOnClosedPipe, writeOut } from '../../shared/output.js';
import { readConfig } from '../../shared/read-config.js';
import { runAndReport } from '../../shared/run-and-report.js';
import { createPaint, wantsColour } from '../../shared/terminal.js';
import { formatProcessStatus } from './format-process-status.js';
import { readProcessStatus } from './read-process-status.js';

/** `status NAME ...`: shows all that is known of these processes. Resolves to the exit code, 3 if the service does not run. */
export function showProcessStatus(words: readonly string[], options: ServiceOptions): Promise<number> {
  const json = options.json === true;
  exitOnClosedPipe();
  return runAndReport(json, async () => {
    try {
      return await show(words, options.config, json);
    } catch (error) {
      if (error instanceof ControlClientError) return await reportFailure(error, json);
      throw error;
    }
  });
}

async function show(words: readonly string[], configFile: string, json: boolean): Promise<number> {
  const { processes, absent } = await readProcessStatus(words, readConfig(configFile));
  const exitCode = absent ? EXIT_NOT_RUNNING : 0;
  if (json) {
    const running = absent ? { isRunning: false, error: absent.message } : { isRunning: true };
    await writeOut(`${toPrintableJson({ ...running, processes })}\n`);
    return exitCode;
  }
  const paint = createPaint(wantsColour(process.stdout));
  const head = absent ? [paint({ text: `${absent.message}; ${absent.remedy}`, colour: 'red' }), ''] : [];
  const now = Date.now();
  const lines = processes.flatMap((status, index) => [
    ...(index === 0 ? [] : ['']),
    ...formatProcessStatus(status, now, paint),
  ]);
  await writeOut([...head, ...lines].map((line) => `${toLocaleText(line, process.env)}\n`).join(''));
  return exitCode;
}
