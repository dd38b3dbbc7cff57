import type { AlarmChange } from '../../db/tables/alarm-admin.js';
import type { ListedProcess } from '../../db/tables/list-processes.js';
import type { NotesColumn } from '../../domain/alarm/format-note.js';
import { MonitorError } from '../../domain/errors.js';
import { pickProcesses } from './pick-processes.js';

/** Which alarms to change: those of these names or process_ids, or all. */
export interface ChangeRequest {
  readonly names: readonly string[] | 'all';
  readonly note?: string | undefined;
}

export interface ProcessChange {
  readonly processId: number;
  readonly processName: string | null;
  readonly outcome: 'raised' | 'raised already' | 'row added and raised' | 'cleared' | 'not in alarm';
}

/** What to write, and what happens to each process. */
export interface ChangePlan extends AlarmChange {
  readonly changes: readonly ProcessChange[];
}

/** The note is too long for its column. */
class NoteTooLongError extends MonitorError {
  readonly retryable = false;
}

/** Plans to raise alarms. An alarm that is raised already gets only the note. */
export function planRaise(
  request: ChangeRequest,
  rows: readonly ListedProcess[],
  notes: NotesColumn,
): ChangePlan {
  checkNote(request, notes);
  const picked =
    request.names === 'all' ? rows.filter(({ name }) => name !== null) : pickProcesses(request.names, rows);
  const isNoted = request.note !== undefined;
  return {
    ...writing(1, request),
    update: idsOf(picked.filter(({ hasStatusRow, isRaised }) => hasStatusRow && (!isRaised || isNoted))),
    insert: idsOf(picked.filter(({ hasStatusRow }) => !hasStatusRow)),
    changes: picked.map((row) =>
      toChange(row, row.isRaised ? 'raised already' : row.hasStatusRow ? 'raised' : 'row added and raised'),
    ),
  };
}

/** Plans to clear alarms. A row whose alarm is not raised is left unchanged and gets no note. */
export function planClear(
  request: ChangeRequest,
  rows: readonly ListedProcess[],
  notes: NotesColumn,
): ChangePlan {
  checkNote(request, notes);
  const picked =
    request.names === 'all' ? rows.filter(({ isRaised }) => isRaised) : pickProcesses(request.names, rows);
  return {
    ...writing(0, request),
    update: idsOf(picked.filter(({ isRaised }) => isRaised)),
    insert: [],
    changes: picked.map((row) => toChange(row, row.isRaised ? 'cleared' : 'not in alarm')),
  };
}

function checkNote({ note }: ChangeRequest, { maxLength }: NotesColumn): void {
  const length = [...(note ?? '')].length;
  if (length <= maxLength) return;
  throw new NoteTooLongError(`the note has ${length} characters, the column notes holds ${maxLength}`, {
    remedy: 'nothing was written; give a shorter note',
  });
}

function writing(alarma: 0 | 1, { note }: ChangeRequest): Pick<AlarmChange, 'alarma' | 'note'> {
  return { alarma, ...(note === undefined ? {} : { note }) };
}

function idsOf(rows: readonly ListedProcess[]): readonly number[] {
  return [...new Set(rows.map(({ processId }) => processId))];
}

function toChange({ processId, name }: ListedProcess, outcome: ProcessChange['outcome']): ProcessChange {
  return { processId, processName: name, outcome };
}
