import type { LiveEvent, ProcessRow, Snapshot } from './contract.js';

/** What the server has told, merged. */
export interface LiveState {
  readonly snapshot?: Snapshot;
  /** The server's clock minus ours, ms: two machines rarely agree, and times are shown by the server's. */
  readonly clockOffsetMs: number;
}

export const NOTHING_YET: LiveState = { clockOffsetMs: 0 };

/** The state after an event that came at `now` by our clock. A change before any snapshot says nothing. */
export function mergeEvent(state: LiveState, event: LiveEvent, now: number): LiveState {
  if (event.type === 'snapshot') {
    return { ...state, snapshot: event.snapshot, clockOffsetMs: event.snapshot.at - now };
  }
  if (event.type !== 'change' || !state.snapshot) return state;
  const { change } = event;
  return {
    ...state,
    snapshot: { ...state.snapshot, ...change },
    ...(change.at === undefined ? {} : { clockOffsetMs: change.at - now }),
  };
}

/** Replaces the rows that have changed; rows that are not shown are not added. The same list if none has. */
export function mergeRows(
  shown: readonly ProcessRow[],
  changed: readonly ProcessRow[],
): readonly ProcessRow[] {
  const byId = new Map(changed.map((row) => [row.processId, row]));
  if (!shown.some(({ processId }) => byId.has(processId))) return shown;
  return shown.map((row) => byId.get(row.processId) ?? row);
}
