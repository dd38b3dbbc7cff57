import type { ListedProcess } from '../../db/tables/list-processes.js';
import { MonitorError } from '../../domain/errors.js';
import { nearestName } from '../../domain/nearest-name.js';

/** The error for names or ids that match no process, or several: one line for each. */
class UnknownProcessError extends MonitorError {
  readonly retryable = false;

  constructor(problems: readonly string[], consequence: string) {
    super(problems.join('\n'), { remedy: `${consequence}monitor_service alarm list shows all processes` });
  }
}

/**
 * Finds processes by name or id; each is returned once. An exact name has priority, then (if the word is a number)
 * the process_id, then the name in another case.
 *
 * @param consequence what that means for the command, as the beginning of the remedy
 * @throws UnknownProcessError that lists every word without a match
 */
export function pickProcesses(
  wanted: readonly string[],
  rows: readonly ListedProcess[],
  consequence = 'nothing was written; ',
): readonly ListedProcess[] {
  const picked = new Map<number, ListedProcess>();
  const problems: string[] = [];
  for (const word of wanted) {
    const found = findProcesses(word, rows);
    const ids = new Set(found.map(({ processId }) => processId));
    const [row] = found;
    if (!row) problems.push(describeUnknown(word, rows));
    else if (ids.size > 1) problems.push(describeSeveral(word, [...ids]));
    else picked.set(row.processId, row);
  }
  if (problems.length > 0) throw new UnknownProcessError(problems, consequence);
  return [...picked.values()];
}

function findProcesses(word: string, rows: readonly ListedProcess[]): readonly ListedProcess[] {
  const called = (isSame: (name: string) => boolean): readonly ListedProcess[] =>
    rows.filter(({ name }) => name !== null && isSame(name));
  const exact = called((name) => name === word);
  if (exact.length > 0) return exact;
  const byId = /^-?\d+$/.test(word) ? rows.filter(({ processId }) => processId === Number(word)) : [];
  if (byId.length > 0) return byId;
  return called((name) => name.toLowerCase() === word.toLowerCase());
}

function describeUnknown(word: string, rows: readonly ListedProcess[]): string {
  const names = rows.flatMap(({ name }) => name ?? []);
  const near = nearestName(word, names);
  const hint = near === undefined ? '' : `, did you mean ${JSON.stringify(near)}?`;
  const what = /^-?\d+$/.test(word)
    ? `no process of this name, and no process_id ${word}`
    : 'no such process';
  return `${JSON.stringify(word)}: ${what}${hint}`;
}

function describeSeveral(word: string, ids: readonly number[]): string {
  return `${JSON.stringify(word)}: several processes have this name; give its process_id: ${ids.join(', ')}`;
}
