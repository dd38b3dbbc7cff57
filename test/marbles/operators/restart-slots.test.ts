import {
  concat,
  defer,
  EMPTY,
  finalize,
  type MonoTypeOperatorFunction,
  NEVER,
  Observable,
  of,
  Subject,
  switchMap,
  take,
  tap,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import { RestartSlots, type Slot } from '../../../src/operators/restart-slots.js';
import { runInSlot } from '../../../src/operators/run-in-slot.js';
import { marbles } from '../../support/marbles.js';

/** A cycle that keeps its slot from begin to end. */
function inTurn<T>(slots: RestartSlots, key: string): MonoTypeOperatorFunction<T> {
  return (source) => runInSlot(slots, key, () => source);
}

describe('runInSlot', () => {
  it('R8: at most `max` run at once, the rest in order of arrival', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const a = cold('        --a--|           ');
      const aSubs = '         ^----!           ';
      const b = cold('        ---b----|        ');
      const bSubs = '         ^-------!        ';
      const c = cold('             -c----|     ');
      const cSubs = '         -----^-----!     ';
      const d = cold('                -d--|    ');
      const dSubs = '         --------^---!    ';
      const e = cold('                   --e-| ');
      const eSubs = '         -----------^---! ';

      const slots = new RestartSlots(2);
      expectObservable(a.pipe(inTurn(slots, 'a'))).toBe('--a--|');
      expectObservable(b.pipe(inTurn(slots, 'b'))).toBe('---b----|');
      expectObservable(c.pipe(inTurn(slots, 'c'))).toBe('------c----|');
      expectObservable(d.pipe(inTurn(slots, 'd'))).toBe('---------d--|');
      expectObservable(e.pipe(inTurn(slots, 'e'))).toBe('-------------e-|');
      expectSubscriptions(a.subscriptions).toBe(aSubs);
      expectSubscriptions(b.subscriptions).toBe(bSubs);
      expectSubscriptions(c.subscriptions).toBe(cSubs);
      expectSubscriptions(d.subscriptions).toBe(dSubs);
      expectSubscriptions(e.subscriptions).toBe(eSubs);
    });
  });

  it('R8: one that never ends holds back nobody while a slot is free', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const never = cold('  -----------');
      const neverSubs = '   ^----------';
      const a = cold('      --a|       ');
      const aSubs = '       ^--!       ';
      const b = cold('         --b|    ');
      const bSubs = '       ---^--!    ';

      const slots = new RestartSlots(2);
      expectObservable(never.pipe(inTurn(slots, 'never'))).toBe('-----------');
      expectObservable(a.pipe(inTurn(slots, 'a'))).toBe('--a|');
      expectObservable(b.pipe(inTurn(slots, 'b'))).toBe('-----b|');
      expectSubscriptions(never.subscriptions).toBe(neverSubs);
      expectSubscriptions(a.subscriptions).toBe(aSubs);
      expectSubscriptions(b.subscriptions).toBe(bSubs);
    });
  });

  it('R7: two of one target never run at once, and the second holds back nobody behind it', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const first = cold('   ----a|         ');
      const firstSubs = '    ^----!         ';
      const second = cold('       --b|      ');
      const secondSubs = '   -----^--!      ';
      const third = cold('           --c|   ');
      const thirdSubs = '    --------^--!   ';
      const other = cold('   -d|            ');
      const otherSubs = '    ^-!            ';

      const slots = new RestartSlots(2);
      expectObservable(first.pipe(inTurn(slots, 'httpd'))).toBe(' ----a|');
      expectObservable(second.pipe(inTurn(slots, 'httpd'))).toBe('-------b|');
      expectObservable(third.pipe(inTurn(slots, 'httpd'))).toBe(' ----------c|');
      expectObservable(other.pipe(inTurn(slots, 'mysqld'))).toBe('-d|');
      expectSubscriptions(first.subscriptions).toBe(firstSubs);
      expectSubscriptions(second.subscriptions).toBe(secondSubs);
      expectSubscriptions(third.subscriptions).toBe(thirdSubs);
      expectSubscriptions(other.subscriptions).toBe(otherSubs);
    });
  });

  it('R8: an error gives the slot back', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const failing = cold('  --#     ');
      const failingSubs = '   ^-!     ';
      const next = cold('       -b|   ');
      const nextSubs = '      --^-!   ';

      const slots = new RestartSlots(1);
      expectObservable(failing.pipe(inTurn(slots, 'a'))).toBe('--#');
      expectObservable(next.pipe(inTurn(slots, 'b'))).toBe('   ---b|');
      expectSubscriptions(failing.subscriptions).toBe(failingSubs);
      expectSubscriptions(next.subscriptions).toBe(nextSubs);
    });
  });

  it('R8: an empty source and a synchronous throw give the slot back', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const fault = new Error('fault');
      const throwing = new Observable<string>(() => {
        throw fault;
      });
      const next = cold('  -b|');
      const nextSubs = '   ^-!';

      const slots = new RestartSlots(1);
      expectObservable(EMPTY.pipe(inTurn(slots, 'a'))).toBe('|');
      expectObservable(throwing.pipe(inTurn(slots, 'b'))).toBe('#', {}, fault);
      expectObservable(next.pipe(inTurn(slots, 'c'))).toBe('-b|');
      expectSubscriptions(next.subscriptions).toBe(nextSubs);
    });
  });

  it('R8: leaving early gives the slot back; leaving the queue, the turn', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const running = cold('  --a--a--   ');
      const runningSubs = '   ^---!      ';
      const leftQueue = cold('--b|       ');
      const next = cold('         --c|   ');
      const nextSubs = '      ----^--!   ';

      const slots = new RestartSlots(1);
      expectObservable(running.pipe(inTurn(slots, 'a')), '  ^---!').toBe('--a---');
      expectObservable(leftQueue.pipe(inTurn(slots, 'b')), '^-!').toBe('  ------');
      expectObservable(next.pipe(inTurn(slots, 'c'))).toBe('------c|');
      expectSubscriptions(running.subscriptions).toBe(runningSubs);
      expectSubscriptions(leftQueue.subscriptions).toBe([]);
      expectSubscriptions(next.subscriptions).toBe(nextSubs);
    });
  });

  it('R8: more slots let those who wait begin, fewer take none away', () => {
    marbles(({ cold, scheduler, expectObservable, expectSubscriptions }) => {
      const a = cold('      -----a|       ');
      const aSubs = '       ^-----!       ';
      const b = cold('        -----b|     ');
      const bSubs = '       --^-----!     ';
      const c = cold('              --c|  ');
      const cSubs = '       --------^--!  ';
      // resize            1 2 1

      const slots = new RestartSlots(1);
      expectObservable(a.pipe(inTurn(slots, 'a'))).toBe('-----a|');
      expectObservable(b.pipe(inTurn(slots, 'b'))).toBe('-------b|');
      expectObservable(c.pipe(inTurn(slots, 'c'))).toBe('----------c|');
      scheduler.schedule(() => slots.resize(2), 2);
      scheduler.schedule(() => slots.resize(1), 4);
      expectSubscriptions(a.subscriptions).toBe(aSubs);
      expectSubscriptions(b.subscriptions).toBe(bSubs);
      expectSubscriptions(c.subscriptions).toBe(cSubs);
    });
  });

  it('R22: closed slots start nobody any more; who waits completes, who runs goes on', () => {
    marbles(({ cold, hot, scheduler, expectObservable, expectSubscriptions }) => {
      const running = cold('  -----a|  ');
      const runningSubs = '   ^-----!  ';
      const waiting = cold('  b|       ');
      const late = hot('      --------|');
      const lateSubs: string[] = [];
      const completed = '     --|      ';

      const slots = new RestartSlots(1);
      expectObservable(running.pipe(inTurn(slots, 'a'))).toBe('-----a|');
      expectObservable(waiting.pipe(inTurn(slots, 'b'))).toBe(completed);
      expectObservable(late.pipe(inTurn(slots, 'c')), '   ---^').toBe('---|');
      scheduler.schedule(() => slots.close(), 2);
      expectSubscriptions(running.subscriptions).toBe(runningSubs);
      expectSubscriptions(waiting.subscriptions).toBe([]);
      expectSubscriptions(late.subscriptions).toBe(lateSubs);
    });
  });
});

describe('RestartSlots', () => {
  it('R8: the slot is free before the end is told', () => {
    const slots = new RestartSlots(1);
    const held: number[] = [];
    of('a')
      .pipe(inTurn(slots, 'a'))
      .subscribe({ next: () => held.push(slots.held), complete: () => held.push(slots.held) });
    new Observable((subscriber) => subscriber.error(new Error('fault')))
      .pipe(inTurn(slots, 'a'))
      .subscribe({ error: () => held.push(slots.held) });
    expect(held).toEqual([1, 0, 0]);
  });

  it('R7: the first of a target has been left before the second begins, whether it had to wait or not', () => {
    const slots = new RestartSlots(1);
    const told: string[] = [];
    const cycle = (name: string): Observable<never> =>
      defer(() => {
        told.push(`${name} begins`);
        return NEVER.pipe(finalize(() => told.push(`${name} left`)));
      }).pipe(inTurn(slots, 'httpd'));

    const leaving = ['a', 'b', 'c'].map((name) => cycle(name).subscribe());
    for (const subscription of leaving) subscription.unsubscribe();
    expect(told).toEqual(['a begins', 'a left', 'b begins', 'b left', 'c begins', 'c left']);
    expect([slots.held, slots.waiting]).toEqual([0, 0]);
  });

  it('R8: who leaves at its first value runs nothing further and gives the slot back', () => {
    const slots = new RestartSlots(1);
    let ran = false;
    const effect = defer(() => {
      ran = true;
      return NEVER;
    });
    concat(of('a'), effect).pipe(inTurn(slots, 'a'), take(1)).subscribe();
    expect([ran, slots.held, slots.waiting]).toEqual([false, 0, 0]);
  });

  it('R8: 10,000 that end at once leave the stack and the slots as they were', () => {
    const slots = new RestartSlots(1);
    const first = new Subject<number>();
    const ended: number[] = [];
    const errors: unknown[] = [];
    first.pipe(inTurn(slots, 'first')).subscribe();
    for (let index = 0; index < 10_000; index += 1) {
      of(index)
        .pipe(inTurn(slots, `target ${index}`))
        .subscribe({ next: (value) => ended.push(value), error: (error) => errors.push(error) });
    }
    expect([slots.held, slots.waiting]).toEqual([1, 10_000]);
    first.complete();
    expect(errors).toEqual([]);
    expect(ended).toEqual(Array.from({ length: 10_000 }, (_, index) => index));
    expect([slots.held, slots.waiting]).toEqual([0, 0]);
  });

  it('R8: a cycle that ends twice frees its slot once', () => {
    const slots = new RestartSlots(1);
    const began: string[] = [];
    const ends: (() => void)[] = [];
    for (const key of ['a', 'b', 'c']) {
      const start = (_slot: Slot, end: () => void): void => {
        began.push(key);
        ends.push(end);
      };
      slots.request({ key, start, onClosed: () => {} });
    }
    ends[0]?.();
    ends[0]?.();
    expect(began).toEqual(['a', 'b']);
    expect([slots.held, slots.waiting]).toEqual([1, 1]);
  });

  it('R8: with no slots at all nothing begins, until there are some', () => {
    const slots = new RestartSlots(0);
    const began: string[] = [];
    for (const key of ['a', 'b']) slots.request({ key, start: () => began.push(key), onClosed: () => {} });
    expect(began).toEqual([]);
    slots.resize(5);
    expect(began).toEqual(['a', 'b']);
  });

  it('R22: closing in the middle of giving slots starts nobody else', () => {
    const slots = new RestartSlots(0);
    expect(slots.isClosed).toBe(false);
    const told: string[] = [];
    const request = (name: string, start: () => void) =>
      slots.request({ key: name, start, onClosed: () => told.push(`${name} closed`) });
    request('a', () => {
      told.push('a began');
      slots.close();
    });
    request('b', () => told.push('b began'));
    slots.resize(5);
    request('c', () => told.push('c began'));
    expect(told).toEqual(['a began', 'b closed', 'c closed']);
    expect(slots.isClosed).toBe(true);
  });
});

describe('Slot', () => {
  /** Cycles that hold their slot until they are told to wait, by name. */
  function begin(slots: RestartSlots, keys: string): { told: string[]; slot: (key: string) => Slot } {
    const told: string[] = [];
    const held = new Map<string, Slot>();
    for (const key of keys) {
      const start = (slot: Slot): void => {
        told.push(`${key} begins`);
        held.set(key, slot);
      };
      slots.request({ key, start, onClosed: () => {} });
    }
    return {
      told,
      slot(key) {
        const slot = held.get(key);
        if (!slot) throw new Error(`${key} has not begun`);
        return {
          release: () => slot.release(),
          acquire: () => slot.acquire().pipe(tap(() => told.push(`${key} goes on`))),
        };
      },
    };
  }

  it('R8: a slot that is given back goes to the next; who wants it again goes before who has not begun', () => {
    const slots = new RestartSlots(1);
    const { told, slot } = begin(slots, 'abcd');
    slot('a').release();
    slot('a').acquire().subscribe();
    slot('b').release();
    slot('a').release();
    expect(told).toEqual(['a begins', 'b begins', 'a goes on', 'c begins']);
    expect([slots.held, slots.begun, slots.waiting]).toEqual([1, 3, 1]);
  });

  it('R8: of those that have begun the first to arrive goes first, whoever asked first', () => {
    const slots = new RestartSlots(1);
    const { told, slot } = begin(slots, 'abcd');
    for (const key of 'ab') slot(key).release();
    slot('b').acquire().subscribe();
    slot('a').acquire().subscribe();
    slot('c').release();
    slot('a').release();
    expect(told).toEqual(['a begins', 'b begins', 'c begins', 'a goes on', 'b goes on']);
  });

  it('R8: a slot that is held is had at once; giving it back twice gives it back once', () => {
    const slots = new RestartSlots(2);
    const { told, slot } = begin(slots, 'abcd');
    slot('a').acquire().subscribe();
    slot('a').release();
    slot('a').release();
    expect(told).toEqual(['a begins', 'b begins', 'a goes on', 'c begins']);
    expect(slots.held).toBe(2);
  });

  it('R8: who leaves while it waits for a slot again is passed over, and its key is free', () => {
    const slots = new RestartSlots(1);
    const began: string[] = [];
    let held: Slot | undefined;
    const again = new Subject<void>();
    const leaving = runInSlot(slots, 'x', (slot) => {
      slot.release();
      return again.pipe(switchMap(() => slot.acquire()));
    });
    const holding = runInSlot(slots, 'y', (slot) => {
      held = slot;
      return NEVER;
    });
    const left = leaving.subscribe();
    holding.subscribe();
    runInSlot(slots, 'x', () => of(began.push('x again'))).subscribe();
    again.next();
    expect([slots.held, slots.begun, slots.waiting]).toEqual([1, 2, 1]);
    left.unsubscribe();
    expect([slots.held, slots.begun]).toEqual([1, 1]);
    held?.release();
    expect(began).toEqual(['x again']);
    expect([slots.held, slots.begun, slots.waiting]).toEqual([0, 1, 0]);
  });

  it('R8: the number of cycles that have begun is bounded, 64 for each slot, and grows with the slots', () => {
    const slots = new RestartSlots(2);
    const start = (slot: Slot): void => slot.release();
    const ends: (() => void)[] = [];
    for (let index = 0; index < 300; index += 1) {
      const release = (slot: Slot, end: () => void): void => {
        ends.push(end);
        start(slot);
      };
      slots.request({ key: `target ${index}`, start: release, onClosed: () => {} });
    }
    expect([slots.held, slots.begun, slots.waiting]).toEqual([0, 128, 172]);
    ends[0]?.();
    expect([slots.begun, slots.waiting]).toEqual([128, 171]);
    slots.resize(3);
    expect([slots.begun, slots.waiting]).toEqual([192, 107]);
  });

  it('R8: a key stays owned without a slot', () => {
    const slots = new RestartSlots(2);
    const told: string[] = [];
    const cycle = (name: string) =>
      runInSlot(slots, 'httpd', (slot) => {
        told.push(`${name} begins`);
        slot.release();
        return NEVER;
      });
    const first = cycle('a').subscribe();
    cycle('b').subscribe();
    expect([told, slots.held]).toEqual([['a begins'], 0]);
    first.unsubscribe();
    expect(told).toEqual(['a begins', 'b begins']);
  });

  it('R22: who has begun gets its slots when no new cycle may begin', () => {
    const slots = new RestartSlots(1);
    const { told, slot } = begin(slots, 'ab');
    slot('a').release();
    slots.close();
    slot('a').acquire().subscribe();
    slot('b').release();
    expect(told).toEqual(['a begins', 'b begins', 'a goes on']);
  });
});
