import type { ListedProcess } from '../../db/tables/list-processes.js';
import type { NotesColumn } from '../../domain/alarm/format-note.js';
import { toPrintableJson } from '../../lib/printable-json.js';
import type { ChangePlan, ChangeRequest } from '../../service/admin/plan-alarm-change.js';
import { writeOut } from '../shared/output.js';
import { runAndReport } from '../shared/run-and-report.js';
import { createPaint, formatTable, wantsColour } from '../shared/terminal.js';
import { formatChanges } from './format-alarm-list.js';
import { withAlarmAdmin } from './with-alarm-admin.js';

export interface ChangeOptions {
  readonly config: string;
  readonly json?: true;
}

/**
 * `alarm raise` and `alarm clear`: writes what `plan` decides, all of it or nothing, and prints it. Resolves to the
 * exit code.
 */
export function changeAlarms(
  plan: (request: ChangeRequest, rows: readonly ListedProcess[], notes: NotesColumn) => ChangePlan,
  request: ChangeRequest,
  { config, json }: ChangeOptions,
): Promise<number> {
  return runAndReport(json === true, () =>
    withAlarmAdmin(config, async (admin) => {
      const { changes } = await admin.change((rows, notes) => plan(request, rows, notes));
      if (json) await writeOut(`${toPrintableJson({ processes: changes })}\n`);
      else if (changes.length === 0) await writeOut('nothing to do\n');
      else {
        const lines = formatTable(formatChanges(changes), createPaint(wantsColour(process.stdout)));
        await writeOut(`${lines.join('\n')}\n`);
      }
      return 0;
    }),
  );
}
