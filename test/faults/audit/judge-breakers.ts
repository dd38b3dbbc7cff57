import { SHORTEST_RESET_S } from '../injections/daemon.js';
import type { Evidence } from './evidence.js';
import { timesInLog } from './log-lines.js';
import { runsByProcess } from './process-runs.js';
import type { Violation } from './violation.js';

const OPENED = /^(?:flapping: .*; )?circuit breaker opened/;
/**
 * A breaker opens for no less than this, ms: the shortest `circuit_reset_time` that a reload of the lab sets, less what its
 * timer and the log's clock may differ.
 */
export const OPEN_MS = SHORTEST_RESET_S * 1000 - 100;

/** Restarts that began while the breaker of their process was open, as far as the log says when it opened (R9, R34). */
export function findRestartsWhileOpen(evidence: Evidence): Violation[] {
  const runs = runsByProcess(evidence);
  return evidence.members.flatMap((member) => {
    const openings = timesInLog(evidence, member, OPENED);
    const restarts = (runs.get(member.id) ?? []).filter(({ what }) => what === 'restart');
    return restarts.flatMap(({ begin }): Violation[] => {
      const openedAt = openings.find((at) => begin > at && begin < at + OPEN_MS);
      if (openedAt === undefined || wasLost(openedAt, begin, evidence)) return [];
      const text = `its breaker had opened ${Math.round(begin - openedAt)} ms before`;
      return [{ kind: 'restart while its breaker was open', processId: member.id, at: begin, text }];
    });
  });
}

/** How often a breaker opened because its process flapped. */
export function countFlapping({ log }: Pick<Evidence, 'log'>): number {
  return log.filter((line) => /: flapping: .*circuit breaker opened/.test(line)).length;
}

/** The service was killed before the state file had it, and the next one could not know. */
function wasLost(openedAt: number, until: number, { pauses }: Evidence): boolean {
  return pauses.some(
    ({ what, from, savedAt = 0 }) =>
      what === 'killed' && from >= openedAt && from <= until && savedAt <= openedAt,
  );
}
