import { describe, expect, it } from 'vitest';
import type { CycleEvent, CycleHappening } from '../../../src/domain/cycle/cycle-event.js';
import { Unsettled } from '../../../src/state/unconfirmed-clears.js';

const event = (happening: CycleHappening): CycleEvent => ({
  processId: 7,
  processName: 'alpha',
  at: 1000,
  ...happening,
});
const cleared = event({ type: 'cleared', changed: true, notes: '', tookMs: 1 });

function open(saved: readonly number[] = []): { unsettled: Unsettled; overdue: number[] } {
  const unsettled = new Unsettled(new Map(saved.map((id) => [id, 500])));
  const overdue: number[] = [];
  unsettled.overdue.subscribe((id) => overdue.push(id));
  return { unsettled, overdue };
}

describe('R12: what may have been overwritten', () => {
  it('is every clear, until it is settled', () => {
    const { unsettled, overdue } = open();
    unsettled.note(event({ type: 'withdrawn' }));
    unsettled.note(event({ type: 'cleared', changed: false, notes: '', tookMs: 1 }));
    expect(unsettled.snapshot()).toEqual(new Map());
    unsettled.note(cleared);
    expect(unsettled.snapshot()).toEqual(new Map([[7, 1000]]));
    unsettled.takeStanding(new Set());
    expect([overdue, unsettled.isLeft(7)]).toEqual([[], false]);
    unsettled.settle(7);
    expect(unsettled.snapshot()).toEqual(new Map());
    unsettled.note(event({ type: 'cleared', changed: false, retried: true, notes: '', tookMs: 1 }));
    expect([...unsettled.snapshot().keys()]).toEqual([7]);
  });

  it('of an earlier run is overdue where its alarm does not stand, and stays on the disk until it is settled', () => {
    const { unsettled, overdue } = open([7, 8]);
    unsettled.takeStanding(new Set([3]));
    unsettled.takeStanding(new Set());
    expect(overdue).toEqual([7, 8]);
    expect([...unsettled.snapshot().keys()]).toEqual([7, 8]);
    expect(unsettled.isLeft(7)).toBe(true);
    unsettled.settle(7);
    expect([...unsettled.snapshot().keys()]).toEqual([8]);
    expect(unsettled.isLeft(7)).toBe(false);
  });

  it('of an earlier run is over where an alarm stands: it was raised after the clear, and is answered as any other', () => {
    const { unsettled, overdue } = open([7]);
    unsettled.takeStanding(new Set([7]));
    expect([overdue, unsettled.isLeft(7), unsettled.snapshot().size]).toEqual([[], false, 0]);
  });
});
