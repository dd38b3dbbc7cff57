import { describe, expect, it } from 'vitest';
import type { CycleEvent, CycleEventData } from '../../../src/domain/cycle/cycle-event.js';
import { UnconfirmedClears } from '../../../src/state/unconfirmed-clears.js';

const event = (happening: CycleEventData): CycleEvent => ({
  processId: 7,
  processName: 'alpha',
  at: 1000,
  ...happening,
});
const cleared = event({ type: 'cleared', changed: true, notes: '', tookMs: 1 });

function open(saved: readonly number[] = []): { unconfirmed: UnconfirmedClears; overdue: number[] } {
  const unconfirmed = new UnconfirmedClears(new Map(saved.map((id) => [id, 500])));
  const overdue: number[] = [];
  unconfirmed.needsHealthCheck.subscribe((id) => overdue.push(id));
  return { unconfirmed, overdue };
}

describe('R12: what may have been overwritten', () => {
  it('is every clear, until it is settled', () => {
    const { unconfirmed, overdue } = open();
    unconfirmed.onEvent(event({ type: 'withdrawn' }));
    unconfirmed.onEvent(event({ type: 'cleared', changed: false, notes: '', tookMs: 1 }));
    expect(unconfirmed.snapshot()).toEqual(new Map());
    unconfirmed.onEvent(cleared);
    expect(unconfirmed.snapshot()).toEqual(new Map([[7, 1000]]));
    unconfirmed.onPage(new Set());
    expect([overdue, unconfirmed.isFromEarlierRun(7)]).toEqual([[], false]);
    unconfirmed.confirm(7);
    expect(unconfirmed.snapshot()).toEqual(new Map());
    unconfirmed.onEvent(event({ type: 'cleared', changed: false, retried: true, notes: '', tookMs: 1 }));
    expect([...unconfirmed.snapshot().keys()]).toEqual([7]);
  });

  it('of an earlier run is overdue where its alarm does not stand, and stays on the disk until it is settled', () => {
    const { unconfirmed, overdue } = open([7, 8]);
    unconfirmed.onPage(new Set([3]));
    unconfirmed.onPage(new Set());
    expect(overdue).toEqual([7, 8]);
    expect([...unconfirmed.snapshot().keys()]).toEqual([7, 8]);
    expect(unconfirmed.isFromEarlierRun(7)).toBe(true);
    unconfirmed.confirm(7);
    expect([...unconfirmed.snapshot().keys()]).toEqual([8]);
    expect(unconfirmed.isFromEarlierRun(7)).toBe(false);
  });

  it('of an earlier run is over where an alarm stands: it was raised after the clear, and is answered as any other', () => {
    const { unconfirmed, overdue } = open([7]);
    unconfirmed.onPage(new Set([7]));
    expect([overdue, unconfirmed.isFromEarlierRun(7), unconfirmed.snapshot().size]).toEqual([[], false, 0]);
  });
});
