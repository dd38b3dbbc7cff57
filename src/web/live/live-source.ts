import type { Snapshot } from '../contract/live.js';
import type { HistoryEntry } from '../contract/past.js';
import type { ProcessRow } from '../contract/processes.js';

/** What an open page is kept up to date with. */
export interface LiveSource {
  /** All that is shown first, as it is now. Never rejects. */
  snapshot(access: 'public' | 'user'): Promise<Omit<Snapshot, 'user'>>;
  /** What has changed since the last call. */
  takeChanges(): LiveChanges;
}

export interface LiveChanges {
  readonly processIds: readonly number[];
  /** More processes have changed than these. */
  readonly isCut: boolean;
  readonly cycles: readonly HistoryEntry[];
  readonly cyclesAreCut: boolean;
  /** The rows of these processes for one kind of reader. Called for those only that somebody looks at. */
  rowsFor(access: 'public' | 'user'): readonly ProcessRow[];
}
