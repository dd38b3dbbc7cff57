import { displayName } from '../../domain/alarm/alarm.js';
import type { Cell } from '../shared/terminal.js';
import type { ProcessChange } from './plan-change.js';

/** A row for each process that was to be changed. */
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
