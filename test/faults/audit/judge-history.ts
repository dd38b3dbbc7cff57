import type { Change } from '../scene/history.js';
import type { Evidence } from './evidence.js';
import type { Violation } from './violation.js';

/**
 * Holds the server's history against what else is known, so that the audit does not rest on a history with
 * holes: what was rolled back is not there, no change is missing, and it ends as the table does.
 */
export function judgeHistory({ history, commits, standing }: Evidence): readonly Violation[] {
  const recorded = new Set(history.map(({ commit }) => commit));
  const wrong: Violation[] = [];
  for (const { id, way, from, undone } of commits.all()) {
    if (undone && recorded.has(id)) {
      wrong.push({ kind: 'history is wrong', at: from, text: `${id} was rolled back and is there: ${way}` });
    }
  }
  const places = new Map<number, number>();
  for (const { processId, place, at } of history) {
    const expected = (places.get(processId) ?? 0) + 1;
    places.set(processId, place);
    if (place !== expected) {
      const text = `change ${expected} is missing, ${place} follows`;
      wrong.push({ kind: 'history is wrong', processId, at, text });
    }
  }
  const last = lastChanges(history);
  for (const processId of new Set([...last.keys(), ...standing])) {
    const { at = 0, is = 0 } = last.get(processId) ?? {};
    if (standing.has(processId) === (is === 1)) continue;
    const text = 'the table does not end as its history does';
    wrong.push({ kind: 'history is wrong', processId, at, text });
  }
  return wrong;
}

function lastChanges(history: readonly Change[]): ReadonlyMap<number, Change> {
  return new Map(history.map((change) => [change.processId, change]));
}
