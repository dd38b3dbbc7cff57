import { describe, expect, it } from 'vitest';
import type { Alarm } from '../../../src/domain/alarm/alarm.js';
import { CycleInbox } from '../../../src/operators/cycle-inbox.js';
import type { OwnChange } from '../../../src/operators/own-write-echoes.js';
import { anAlarm } from '../../support/process-signals.js';

const first = anAlarm(1, 'first', { causeSeq: 5, readSeq: 5 });
const again = anAlarm(1, 'again', { causeSeq: 7, readSeq: 7 });
const later = anAlarm(1, 'later', { causeSeq: 8, readSeq: 8 });
const stood = anAlarm(1, 'first', { raised: false, causeSeq: 5, readSeq: 9 });
const mayBeNew = anAlarm(1, 'new?', { raised: false, causeSeq: 6, readSeq: 9 });

/** As late as `again`: what it says when a wait is over. */
const clock = { next: () => again.causeSeq };

/** What the echo of a write tells, as it tells it. */
function listen(slot: CycleInbox, change: OwnChange, notes: string): string[] {
  const told: string[] = [];
  slot
    .expectEcho(change, notes)
    .subscribe({ next: () => told.push('seen'), complete: () => told.push('completed') });
  return told;
}

function left(slot: CycleInbox): [Alarm | undefined, Alarm | undefined] {
  return [slot.raiseLeft(true), slot.raiseLeft(false)];
}

describe('CycleInbox: raises', () => {
  it('R7: nothing is left of the alarm that began the cycle', () => {
    const slot = new CycleInbox(first, clock);
    expect([slot.raisedAgain, slot.withdrawn, ...left(slot)]).toEqual([false, false, undefined, undefined]);
  });

  it('R7: of several raises the latest is left, whether the cycle succeeded or not', () => {
    const slot = new CycleInbox(first, clock);
    slot.takeAlarm(again);
    slot.takeAlarm(later);
    expect([slot.raisedAgain, ...left(slot)]).toEqual([true, later, later]);
  });

  it('R4: a standing alarm that was looked for before the cycle began is the same alarm', () => {
    const slot = new CycleInbox(first, clock);
    slot.takeAlarm(stood);
    expect([slot.raisedAgain, ...left(slot)]).toEqual([false, undefined, undefined]);
  });

  it('R4: one that was looked for because of a later event may be a new raise: left after a success only', () => {
    const slot = new CycleInbox(first, clock);
    slot.takeAlarm(mayBeNew);
    expect([slot.raisedAgain, ...left(slot)]).toEqual([true, mayBeNew, undefined]);
    expect(slot.unclear).toBeUndefined();
  });

  it('R7: what begins when the wait for a slot is over answers all raises before it, and none after', () => {
    const slot = new CycleInbox(first, clock);
    slot.takePossibleRaise();
    slot.takeAlarm(again);
    slot.endWait();
    slot.takeAlarm(mayBeNew);
    expect([slot.raisedAgain, slot.isClearDoubtful, ...left(slot)]).toEqual([
      false,
      false,
      undefined,
      undefined,
    ]);
    slot.takeAlarm(later);
    expect([slot.raisedAgain, ...left(slot)]).toEqual([true, later, later]);
  });

  it('R7: also those that a reading finds later, if it was triggered before', () => {
    const slot = new CycleInbox(first, clock);
    slot.endWait();
    slot.takeAlarm(mayBeNew);
    expect([slot.raisedAgain, ...left(slot)]).toEqual([false, undefined, undefined]);
    slot.takeAlarm({ ...mayBeNew, causeSeq: later.causeSeq });
    expect(slot.raisedAgain).toBe(true);
  });

  it('R7: an alarm that was withdrawn in that wait stays withdrawn, and is seen again by a reading triggered before', () => {
    const slot = new CycleInbox(first, clock);
    slot.takeLowering({ processId: 1, notes: null });
    slot.endWait();
    expect([slot.withdrawn, slot.isClearDoubtful]).toEqual([true, true]);
    slot.takeAlarm(mayBeNew);
    expect(slot.unclear).toBe(mayBeNew);
  });

  it('R7: a certain raise counts more than a possible one, in whichever order they come', () => {
    const slot = new CycleInbox(first, clock);
    slot.takeAlarm(again);
    slot.takeAlarm(mayBeNew);
    const other = new CycleInbox(first, clock);
    other.takeAlarm(mayBeNew);
    other.takeAlarm(again);
    expect([...left(slot), ...left(other)]).toEqual([again, again, again, again]);
  });
});

describe('CycleInbox: a lowering by somebody else', () => {
  it('withdraws the alarm and every raise before it', () => {
    const slot = new CycleInbox(first, clock);
    slot.takeAlarm(again);
    slot.takeAlarm(mayBeNew);
    slot.takeLowering({ processId: 1, notes: null });
    expect([slot.withdrawn, slot.raisedAgain, ...left(slot)]).toEqual([true, false, undefined, undefined]);
  });

  it('R7: a raise after it stands', () => {
    const slot = new CycleInbox(first, clock);
    slot.takeLowering({ processId: 1, notes: 'by hand' });
    slot.takeAlarm(again);
    expect([slot.withdrawn, slot.raisedAgain, ...left(slot)]).toEqual([false, true, again, again]);
  });

  it('R4: whether an alarm seen standing after it is a new one is unclear', () => {
    const slot = new CycleInbox(first, clock);
    slot.takeLowering({ processId: 1, notes: null });
    slot.takeAlarm(mayBeNew);
    expect([slot.withdrawn, slot.unclear]).toEqual([true, mayBeNew]);
  });
});

describe('CycleInbox: writes of our own', () => {
  it('R12: our own clear is told to who waits for it and withdraws nothing', () => {
    const slot = new CycleInbox(first, clock);
    const told = listen(slot, 'lowered', 'OK');
    slot.takeAlarm(again);
    slot.takeLowering({ processId: 1, notes: 'OK' });
    expect([told, slot.withdrawn, slot.raiseLeft(true)]).toEqual([['seen', 'completed'], false, again]);
  });

  it('R12: who begins to wait after it has come back is told as well', () => {
    const slot = new CycleInbox(first, clock);
    slot.expectEcho('lowered', 'OK');
    slot.takeLowering({ processId: 1, notes: 'OK' });
    expect(listen(slot, 'lowered', 'OK')).toEqual(['seen', 'completed']);
  });

  it('R12: a clear that had to be sent twice may come back twice', () => {
    const slot = new CycleInbox(first, clock);
    const told = listen(slot, 'lowered', 'OK');
    slot.takeLowering({ processId: 1, notes: 'OK' });
    slot.takeAlarm(again);
    slot.takeLowering({ processId: 1, notes: 'OK' });
    expect([told, slot.withdrawn, slot.raiseLeft(true)]).toEqual([['seen', 'completed'], false, again]);
  });

  it('R12: our own raise is told and is no raise', () => {
    const slot = new CycleInbox(first, clock);
    const told = listen(slot, 'raised', 'FAILED');
    slot.takeAlarm({ ...again, notes: 'FAILED' });
    expect([told, slot.raisedAgain]).toEqual([['seen', 'completed'], false]);
  });

  it('R7: a raise that leaves the notes of our clear as they are is a raise', () => {
    const slot = new CycleInbox(first, clock);
    const told = listen(slot, 'lowered', 'OK');
    const raise = { ...again, notes: 'OK' };
    slot.takeAlarm(raise);
    expect([told, slot.raiseLeft(false)]).toEqual([[], raise]);
  });

  it('a lowering that leaves the notes of our raise as they are withdraws', () => {
    const slot = new CycleInbox(first, clock);
    const told = listen(slot, 'raised', 'FAILED');
    slot.takeLowering({ processId: 1, notes: 'FAILED' });
    expect([told, slot.withdrawn]).toEqual([[], true]);
  });

  it('R12: a statement of ours, which tells no notes, is the write that is waited for', () => {
    const slot = new CycleInbox(first, clock);
    const told = listen(slot, 'lowered', 'OK');
    slot.takeOwnWrite();
    expect([told, slot.withdrawn]).toEqual([['seen', 'completed'], false]);
  });

  it('R12: a write of the last cycle that comes back late withdraws nothing', () => {
    const before = new CycleInbox(first, clock);
    before.expectEcho('lowered', 'OK');
    const slot = new CycleInbox(again, clock, before);
    slot.takeLowering({ processId: 1, notes: 'OK' });
    expect(slot.withdrawn).toBe(false);
  });

  it('R12: one that has come back already is not expected again', () => {
    const before = new CycleInbox(first, clock);
    before.expectEcho('lowered', 'OK');
    before.takeLowering({ processId: 1, notes: 'OK' });
    const slot = new CycleInbox(again, clock, before);
    slot.takeLowering({ processId: 1, notes: 'OK' });
    expect(slot.withdrawn).toBe(true);
  });

  it('R12: nor one whose notes stood there already when the alarm was raised', () => {
    const before = new CycleInbox(first, clock);
    before.expectEcho('lowered', 'OK');
    const slot = new CycleInbox({ ...again, notes: 'OK' }, clock, before);
    slot.takeLowering({ processId: 1, notes: 'OK' });
    expect(slot.withdrawn).toBe(true);
  });

  it('R12: of writes that never come back only the last 8 are remembered', () => {
    let slot = new CycleInbox(first, clock);
    for (let cycle = 0; cycle < 20; cycle += 1) {
      slot.expectEcho('lowered', `OK ${cycle}`);
      slot = new CycleInbox(again, clock, slot);
    }
    const known = Array.from({ length: 20 }, (_, cycle) => slot.takeEcho('lowered', `OK ${cycle}`));
    expect(known.lastIndexOf(false)).toBe(11);
    expect(known.filter(Boolean)).toHaveLength(8);
  });
});

describe('what a cycle leaves to the next one', () => {
  it('R7: a note is for the next cycle, and for no other', () => {
    const one = new CycleInbox(first, clock);
    one.owedNote = 'restarted by service, attempt 1';
    const two = new CycleInbox(again, clock, one);
    expect([two.inheritedNote, two.owedNote]).toEqual(['restarted by service, attempt 1', undefined]);
    // The second one failed, and left nothing.
    expect(new CycleInbox(later, clock, two).inheritedNote).toBeUndefined();
  });

  it('R12: so is that it may have cleared the alarm', () => {
    const one = new CycleInbox(first, clock);
    one.hasCleared = true;
    const two = new CycleInbox(again, clock, one);
    expect([two.followsClear, new CycleInbox(later, clock, two).followsClear]).toEqual([true, false]);
  });
});

describe('R36: the name that a process gets during its cycle', () => {
  const renamed = { processId: 1, processName: 'new' };
  /** The name was told at 7. */
  function renamedInbox(): CycleInbox {
    const slot = new CycleInbox(first, clock);
    slot.takeRenaming(renamed);
    return slot;
  }

  it('is not known from an alarm alone', () => {
    const slot = new CycleInbox(first, clock);
    slot.takeAlarm(anAlarm(1, 'x', { causeSeq: 7, readSeq: 7, processName: 'old' }));
    expect(slot.renaming).toBeUndefined();
  });

  it.each([
    { what: 'a reading that began before it says nothing', raised: false, readSeq: 6, name: 'new' },
    { what: 'a reading that began with it has the latest', raised: false, readSeq: 7, name: 'later' },
    { what: 'a raise has that of its own commit, whenever it was', raised: true, readSeq: 6, name: 'later' },
  ])('$what', ({ raised, readSeq, name }) => {
    const slot = renamedInbox();
    slot.takeAlarm(anAlarm(1, 'x', { raised, causeSeq: 7, readSeq, processName: 'later' }));
    expect(slot.renaming).toEqual({ processId: 1, processName: name });
  });

  it('must be asked for where a raise comes without one', () => {
    const slot = renamedInbox();
    slot.takeAlarm(anAlarm(1, 'x', { causeSeq: 7, readSeq: 7 }));
    expect(slot.renaming).toEqual({ processId: 1 });
  });

  it('must be asked for after a change that may hide one of PROCESE, and only then', () => {
    const slot = renamedInbox();
    slot.takePossibleRaise(false, false);
    expect([slot.renaming, slot.mayBeRenamed, slot.mayBeLowered]).toEqual([renamed, false, false]);
    slot.takePossibleRaise();
    expect([slot.renaming, slot.mayBeRenamed, slot.mayBeLowered]).toEqual([{ processId: 1 }, true, false]);
    slot.takePossibleRaise(true);
    slot.takePossibleRaise(false);
    expect(slot.mayBeLowered).toBe(true);
  });
});

describe('R12: whether a clear is doubtful', () => {
  it('it is not before something was out of sight, nor after the wait for a slot', () => {
    const slot = new CycleInbox(first, clock);
    expect(slot.isClearDoubtful).toBe(false);
    slot.takePossibleRaise();
    expect(slot.isClearDoubtful).toBe(true);
    slot.endWait();
    expect(slot.isClearDoubtful).toBe(false);
  });

  it('a withdrawal is not certain while the row may have been raised out of sight', () => {
    const slot = new CycleInbox(first, clock);
    expect(slot.certainlyWithdrawn).toBe(false);
    slot.takeLowering({ processId: 1, notes: null });
    expect([slot.withdrawn, slot.certainlyWithdrawn]).toEqual([true, true]);
  });
});
