import type { ListedProcess } from '../../db/tables/list-processes.js';
import { toPrintableJson } from '../../lib/printable-json.js';
import { writeOut } from '../shared/output.js';
import { runAndReport } from '../shared/run-and-report.js';
import { createPaint, wantsColour } from '../shared/terminal.js';
import { formatAlarmList, isRowExcluded } from './format-alarm-list.js';
import { withAlarmAdmin } from './with-alarm-admin.js';

export interface ListOptions {
  readonly config: string;
  readonly json?: true;
  /** Only the raised alarms. */
  readonly standing?: true;
}

/** `alarm list`: prints the processes and their alarms. Resolves to the exit code. */
export function listAlarms({ config, json, standing }: ListOptions): Promise<number> {
  return runAndReport(json === true, () =>
    withAlarmAdmin(config, async (admin, { monitor }) => {
      const rows = (await admin.list()).filter(({ isRaised }) => isRaised || !standing);
      if (json) {
        const processes = rows.map((row) => toJson(row, monitor.exclude));
        await writeOut(`${toPrintableJson({ processes })}\n`);
      } else if (rows.length === 0) {
        await writeOut(standing ? 'no alarm is raised\n' : 'PROCESE has no process\n');
      } else {
        const paint = createPaint(wantsColour(process.stdout));
        await writeOut(`${formatAlarmList(rows, monitor.exclude, paint).join('\n')}\n`);
      }
      return 0;
    }),
  );
}

function toJson(row: ListedProcess, exclude: readonly string[]) {
  const { processId, name, isRaised, sound, notes } = row;
  return { processId, processName: name, isRaised, sound, notes, isExcluded: isRowExcluded(row, exclude) };
}
