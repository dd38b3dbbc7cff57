import { describe, expect, it } from 'vitest';
import type { CycleEventData } from '../../../src/domain/cycle/cycle-event.js';
import { RecentClears } from '../../../src/state/recent-clears.js';

const MINUTE = 60_000;

function clears() {
  const recent = new RecentClears();
  const tell = (processId: number, at: number, data: CycleEventData): void =>
    recent.onEvent({ processId, processName: `p${processId}`, at, ...data });
  const clear = (processId: number, at: number): void =>
    tell(processId, at, { type: 'cleared', changed: true, notes: '', tookMs: 1 });
  return { recent, tell, clear };
}

describe('clears that another server may not know', () => {
  it('R37: are those of the last minute before the change', () => {
    const { recent, clear } = clears();
    clear(1, 0);
    clear(2, 1);
    expect(recent.isDoubtful(2)).toBe(false);
    recent.doubt(MINUTE + 1);
    expect([recent.isDoubtful(1), recent.isDoubtful(2)]).toEqual([false, true]);
  });

  it('R37: are those of the last minute in which the old server answered, however long no server could be used', () => {
    const { recent, clear } = clears();
    clear(1, 0);
    clear(2, MINUTE);
    // Promoted ten minutes later; the old one last answered here.
    recent.doubt(MINUTE + 1);
    clear(3, 11 * MINUTE);
    expect([1, 2, 3].map((id) => recent.isDoubtful(id))).toEqual([false, true, false]);
  });

  it('R37: count from the latest clear of a process', () => {
    const { recent, clear } = clears();
    clear(1, 0);
    clear(2, 5);
    clear(1, MINUTE);
    recent.doubt(MINUTE + 10);
    expect([recent.isDoubtful(1), recent.isDoubtful(2)]).toEqual([true, false]);
  });

  it('R37: are no longer doubtful where the new server shows the clear, or a health check has decided', () => {
    const { recent, tell, clear } = clears();
    for (const id of [1, 2, 3]) clear(id, 10);
    recent.doubt(20);
    recent.onPage({ isGone: (processId) => processId === 1 });
    const alarm = {
      processId: 2,
      notes: null,
      trigger: 'poll',
      raised: false,
      seenAt: 0,
      steadyAt: 0,
      causeSeq: 1,
      readSeq: 1,
    } as const;
    tell(2, 30, { type: 'rechecked', alarm, healthy: false, detail: 'dead' });
    expect([1, 2, 3].map((id) => recent.isDoubtful(id))).toEqual([false, false, true]);
  });
});
