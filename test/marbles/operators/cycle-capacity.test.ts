import { describe, expect, it } from 'vitest';
import { CycleCapacity } from '../../../src/operators/cycle-capacity.js';

const LIMITS = { page: 2, fromTable: 4, total: 6 };

function capacityWith(cycles: number, limits = () => LIMITS): CycleCapacity {
  const capacity = new CycleCapacity(limits);
  for (let begun = 0; begun < cycles; begun += 1) capacity.begin();
  return capacity;
}

/** The result for 0 cycles, for 1, and so on up to 7. */
function upToSeven(hasRoom: (capacity: CycleCapacity) => boolean): readonly boolean[] {
  return Array.from({ length: 8 }, (_, cycles) => hasRoom(capacityWith(cycles)));
}

describe('CycleCapacity', () => {
  it('R1: a page is read while all its alarms would get cycles', () => {
    const expected = [true, true, true, false, false, false, false, false];
    expect(upToSeven((capacity) => capacity.hasRoomForPage)).toEqual(expected);
  });

  it('R1: a row change gets a cycle up to the higher number', () => {
    const expected = [true, true, true, true, true, true, false, false];
    expect(upToSeven((capacity) => capacity.hasRoomForRaise)).toEqual(expected);
  });

  it('the end of a cycle makes room, and tells when there is room already', () => {
    const capacity = capacityWith(6);
    const seen: boolean[] = [];
    capacity.freed.subscribe(() => seen.push(capacity.hasRoomForRaise));
    capacity.begin();
    expect(seen).toEqual([]);
    capacity.end();
    capacity.end();
    expect(seen).toEqual([false, true]);
  });

  it('R22: a reload changes the limits at once', () => {
    let limits = LIMITS;
    const capacity = capacityWith(6, () => limits);
    limits = { page: 2, fromTable: 8, total: 7 };
    expect([capacity.hasRoomForPage, capacity.hasRoomForRaise]).toEqual([true, true]);
  });
});
