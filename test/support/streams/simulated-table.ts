import type { SchedulerLike } from 'rxjs';
import {
  interpretRowChange,
  type RowImage,
  type RowMeaning,
} from '../../../src/domain/alarm/interpret-row-change.js';

/** How the server writes its binlog. */
export type BinlogFormat = 'row' | 'minimal' | 'statement';

interface SimulatedRow {
  readonly alarma: number;
  readonly notes: string | null;
}

interface Version extends SimulatedRow {
  readonly visibleAt: number;
}

/** A commit to one row: what was before, what is after, and who did it. */
export interface Commit {
  readonly at: number;
  readonly processId: number;
  readonly before: SimulatedRow;
  readonly after: SimulatedRow;
  readonly isOurs: boolean;
  /** `sql_log_bin = 0`: the binlog does not have it. */
  readonly isUnlogged: boolean;
}

/** STATUS_PROCESS in memory: a write sees the last commit, a SELECT only what has become visible to it (R3). */
export class SimulatedTable {
  readonly commits: Commit[] = [];
  readonly #versions = new Map<number, Version[]>();

  constructor(
    private readonly scheduler: SchedulerLike,
    private readonly visibleAfterMs: () => number,
    private readonly onCommit: (commit: Commit) => void,
  ) {}

  row(processId: number): SimulatedRow {
    return this.#versions.get(processId)?.at(-1) ?? ABSENT;
  }

  visible(processId: number): SimulatedRow {
    const now = this.scheduler.now();
    return this.#versions.get(processId)?.findLast(({ visibleAt }) => visibleAt <= now) ?? ABSENT;
  }

  visiblyStanding(): number[] {
    return this.#ids().filter((id) => this.visible(id).alarma === 1);
  }

  standing(): number[] {
    return this.#ids().filter((id) => this.row(id).alarma === 1);
  }

  /**
   * Changes a row; a change that changes nothing is no commit. An event can come before its row is visible (R3), the
   * answer to who wrote it cannot: the server has then committed. It comes in `answerInMs`, if it does.
   */
  write(
    processId: number,
    change: Partial<SimulatedRow>,
    isOurs = false,
    isUnlogged = false,
    answerInMs = Number.POSITIVE_INFINITY,
  ): void {
    const before = this.row(processId);
    const after = { alarma: before.alarma, notes: before.notes, ...change };
    if (after.alarma === before.alarma && after.notes === before.notes) return;
    const at = this.scheduler.now();
    const earlier = this.#versions.get(processId) ?? [];
    const lateAt = Math.max(at + this.visibleAfterMs(), earlier.at(-1)?.visibleAt ?? 0);
    const visibleAt = Math.min(lateAt, at + answerInMs);
    this.#versions.set(processId, [...earlier.slice(-20), { ...after, visibleAt }]);
    const commit = { at, processId, before, after, isOurs, isUnlogged };
    this.commits.push(commit);
    this.onCommit(commit);
  }

  #ids(): number[] {
    return [...this.#versions.keys()].sort((a, b) => a - b);
  }
}

const ABSENT: SimulatedRow = { alarma: 0, notes: null };

/** What the row change in the binlog means to a reader. */
export function meaningOf({ processId, before, after }: Commit, format: 'row' | 'minimal'): RowMeaning {
  const full = (row: SimulatedRow): RowImage => ({ process_id: processId, ...row });
  if (format === 'row') return interpretRowChange(full(before), full(after));
  const changed: Record<string, unknown> = {};
  if (before.alarma !== after.alarma) changed.alarma = after.alarma;
  if (before.notes !== after.notes) changed.notes = after.notes;
  return interpretRowChange({ process_id: processId }, changed);
}
