import type { ListedProcess } from '../../db/tables/list-processes.js';
import { displayName } from '../../domain/alarm/alarm.js';
import { isExcluded } from '../../domain/cycle/admission.js';
import type { ProcessChange } from '../../service/admin/plan-alarm-change.js';
import { type Cell, formatTable, type Paint } from '../shared/terminal.js';

/** Formats the processes as a table with a heading. Excluded processes are marked. */
export function formatAlarmList(
  rows: readonly ListedProcess[],
  exclude: readonly string[],
  paint: Paint,
): readonly string[] {
  const heading: Cell[] = ['id', 'process', 'alarm', 'sound', 'notes'].map((text) => ({
    text,
    colour: 'bold',
  }));
  return formatTable([heading, ...rows.map((row) => toCells(row, exclude))], paint);
}

/** Whether `exclude` has the name of this row. */
export function isRowExcluded({ name }: ListedProcess, exclude: readonly string[]): boolean {
  return name !== null && isExcluded(name, exclude);
}

function toCells(row: ListedProcess, exclude: readonly string[]): Cell[] {
  const { processId, name, sound, notes } = row;
  const remark = isRowExcluded(row, exclude) ? ' (excluded)' : '';
  return [
    String(processId),
    `${displayName(processId, name)}${remark}`,
    stateOf(row),
    sound === null ? '-' : String(sound),
    notes ?? '',
  ];
}

function stateOf({ isRaised, hasStatusRow }: ListedProcess): Cell {
  if (isRaised) return { text: 'ALARM', colour: 'red' };
  return hasStatusRow ? { text: 'normal', colour: 'green' } : { text: 'no row', colour: 'dim' };
}

/** One row for each process that was selected. */
export function formatChanges(changes: readonly ProcessChange[]): Cell[][] {
  return changes.map(({ processId, processName, outcome }) => [
    String(processId),
    displayName(processId, processName),
    { text: outcome, colour: COLOURS[outcome] },
  ]);
}

const COLOURS = {
  raised: 'red',
  'row added and raised': 'red',
  'raised already': 'dim',
  cleared: 'green',
  'not in alarm': 'dim',
} as const;
