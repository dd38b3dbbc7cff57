import type { Run } from '../scene/recorded-fleet.js';
import type { Evidence } from './evidence.js';
import type { Violation } from './violation.js';

/** More restarts at once, over all processes, than `max_parallel_restarts` (R8). */
export function findTooMany({ runs, maxParallel }: Evidence): Violation[] {
  const restarts = runs.filter(({ what }) => what === 'restart').toSorted((a, b) => a.begin - b.begin);
  const found: Violation[] = [];
  let running: Run[] = [];
  for (const restart of restarts) {
    running = running.filter(({ end }) => end === undefined || end > restart.begin);
    running.push(restart);
    if (running.length <= maxParallel) continue;
    const text = `${running.length} restarts at once`;
    found.push({ kind: 'more at once than allowed', at: restart.begin, text });
  }
  return found;
}
