import { msSinceBoot } from '../../lib/boot-clock.js';
import type { UnfinishedRestarts } from '../systemd/restart-unit.js';

type RunBefore = ReturnType<UnfinishedRestarts['take']> & {};

/**
 * Keeps unfinished restarts of units for a limited time, in ms. The attempts of a cycle, and the cycles for an alarm that
 * stands, follow each other within it. What is older is over: a later alarm means what runs by then.
 */
export function keepUnfinishedRestarts(keepMs: () => number): UnfinishedRestarts {
  const kept = new Map<string, { readonly before: RunBefore; readonly at: number }>();
  return {
    note(before) {
      kept.set(before.id, { before, at: msSinceBoot() });
    },
    take(id, since = 0) {
      const found = kept.get(id);
      kept.delete(id);
      const isKept = found && msSinceBoot() - found.at <= keepMs() && found.at >= since;
      return isKept ? found.before : undefined;
    },
  };
}
