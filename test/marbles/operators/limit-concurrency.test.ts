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
import { KeyedSemaphore, type Slot } from '../../../src/operators/keyed-semaphore.js';
import { limitConcurrency } from '../../../src/operators/limit-concurrency.js';
import { marbles } from '../../support/marbles.js';

/** A cycle that keeps its place from begin to end. */
function inTurn<T>(places: KeyedSemaphore, key: string): MonoTypeOperatorFunction<T> {
  return (source) => limitConcurrency(places, key, () => source);
}

describe('limitConcurrency', () => {
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

      const places = new KeyedSemaphore(2);
      expectObservable(a.pipe(inTurn(places, 'a'))).toBe('--a--|');
      expectObservable(b.pipe(inTurn(places, 'b'))).toBe('---b----|');
      expectObservable(c.pipe(inTurn(places, 'c'))).toBe('------c----|');
      expectObservable(d.pipe(inTurn(places, 'd'))).toBe('---------d--|');
      expectObservable(e.pipe(inTurn(places, 'e'))).toBe('-------------e-|');
      expectSubscriptions(a.subscriptions).toBe(aSubs);
      expectSubscriptions(b.subscriptions).toBe(bSubs);
      expectSubscriptions(c.subscriptions).toBe(cSubs);
      expectSubscriptions(d.subscriptions).toBe(dSubs);
      expectSubscriptions(e.subscriptions).toBe(eSubs);
    });
  });

  it('R8: one that never ends holds back nobody while a place is free', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const never = cold('  -----------');
      const neverSubs = '   ^----------';
      const a = cold('      --a|       ');
      const aSubs = '       ^--!       ';
      const b = cold('         --b|    ');
      const bSubs = '       ---^--!    ';

      const places = new KeyedSemaphore(2);
      expectObservable(never.pipe(inTurn(places, 'never'))).toBe('-----------');
      expectObservable(a.pipe(inTurn(places, 'a'))).toBe('--a|');
      expectObservable(b.pipe(inTurn(places, 'b'))).toBe('-----b|');
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

      const places = new KeyedSemaphore(2);
      expectObservable(first.pipe(inTurn(places, 'httpd'))).toBe(' ----a|');
      expectObservable(second.pipe(inTurn(places, 'httpd'))).toBe('-------b|');
      expectObservable(third.pipe(inTurn(places, 'httpd'))).toBe(' ----------c|');
      expectObservable(other.pipe(inTurn(places, 'mysqld'))).toBe('-d|');
      expectSubscriptions(first.subscriptions).toBe(firstSubs);
      expectSubscriptions(second.subscriptions).toBe(secondSubs);
      expectSubscriptions(third.subscriptions).toBe(thirdSubs);
      expectSubscriptions(other.subscriptions).toBe(otherSubs);
    });
  });

  it('R8: an error gives the place back', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const failing = cold('  --#     ');
      const failingSubs = '   ^-!     ';
      const next = cold('       -b|   ');
      const nextSubs = '      --^-!   ';

      const places = new KeyedSemaphore(1);
      expectObservable(failing.pipe(inTurn(places, 'a'))).toBe('--#');
      expectObservable(next.pipe(inTurn(places, 'b'))).toBe('   ---b|');
      expectSubscriptions(failing.subscriptions).toBe(failingSubs);
      expectSubscriptions(next.subscriptions).toBe(nextSubs);
    });
  });

  it('R8: an empty source and a synchronous throw give the place back', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const fault = new Error('fault');
      const throwing = new Observable<string>(() => {
        throw fault;
      });
      const next = cold('  -b|');
      const nextSubs = '   ^-!';

      const places = new KeyedSemaphore(1);
      expectObservable(EMPTY.pipe(inTurn(places, 'a'))).toBe('|');
      expectObservable(throwing.pipe(inTurn(places, 'b'))).toBe('#', {}, fault);
      expectObservable(next.pipe(inTurn(places, 'c'))).toBe('-b|');
      expectSubscriptions(next.subscriptions).toBe(nextSubs);
    });
  });

  it('R8: leaving early gives the place back; leaving the queue, the turn', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const running = cold('  --a--a--   ');
      const runningSubs = '   ^---!      ';
      const leftQueue = cold('--b|       ');
      const next = cold('         --c|   ');
      const nextSubs = '      ----^--!   ';

      const places = new KeyedSemaphore(1);
      expectObservable(running.pipe(inTurn(places, 'a')), '  ^---!').toBe('--a---');
      expectObservable(leftQueue.pipe(inTurn(places, 'b')), '^-!').toBe('  ------');
      expectObservable(next.pipe(inTurn(places, 'c'))).toBe('------c|');
      expectSubscriptions(running.subscriptions).toBe(runningSubs);
      expectSubscriptions(leftQueue.subscriptions).toBe([]);
      expectSubscriptions(next.subscriptions).toBe(nextSubs);
    });
  });

  it('R8: more places let those who wait begin, fewer take none away', () => {
    marbles(({ cold, scheduler, expectObservable, expectSubscriptions }) => {
      const a = cold('      -----a|       ');
      const aSubs = '       ^-----!       ';
      const b = cold('        -----b|     ');
      const bSubs = '       --^-----!     ';
      const c = cold('              --c|  ');
      const cSubs = '       --------^--!  ';
      // resize            1 2 1

      const places = new KeyedSemaphore(1);
      expectObservable(a.pipe(inTurn(places, 'a'))).toBe('-----a|');
      expectObservable(b.pipe(inTurn(places, 'b'))).toBe('-------b|');
      expectObservable(c.pipe(inTurn(places, 'c'))).toBe('----------c|');
      scheduler.schedule(() => places.resize(2), 2);
      scheduler.schedule(() => places.resize(1), 4);
      expectSubscriptions(a.subscriptions).toBe(aSubs);
      expectSubscriptions(b.subscriptions).toBe(bSubs);
      expectSubscriptions(c.subscriptions).toBe(cSubs);
    });
  });

  it('R22: closed places start nobody any more; who waits completes, who runs goes on', () => {
    marbles(({ cold, hot, scheduler, expectObservable, expectSubscriptions }) => {
      const running = cold('  -----a|  ');
      const runningSubs = '   ^-----!  ';
      const waiting = cold('  b|       ');
      const late = hot('      --------|');
      const lateSubs: string[] = [];
      const completed = '     --|      ';

      const places = new KeyedSemaphore(1);
      expectObservable(running.pipe(inTurn(places, 'a'))).toBe('-----a|');
      expectObservable(waiting.pipe(inTurn(places, 'b'))).toBe(completed);
      expectObservable(late.pipe(inTurn(places, 'c')), '   ---^').toBe('---|');
      scheduler.schedule(() => places.close(), 2);
      expectSubscriptions(running.subscriptions).toBe(runningSubs);
      expectSubscriptions(waiting.subscriptions).toBe([]);
      expectSubscriptions(late.subscriptions).toBe(lateSubs);
    });
  });
});

describe('KeyedSemaphore', () => {
  it('R8: the place is free before the end is told', () => {
    const places = new KeyedSemaphore(1);
    const held: number[] = [];
    of('a')
      .pipe(inTurn(places, 'a'))
      .subscribe({ next: () => held.push(places.held), complete: () => held.push(places.held) });
    new Observable((subscriber) => subscriber.error(new Error('fault')))
      .pipe(inTurn(places, 'a'))
      .subscribe({ error: () => held.push(places.held) });
    expect(held).toEqual([1, 0, 0]);
  });

  it('R7: the first of a target has been left before the second begins, whether it had to wait or not', () => {
    const places = new KeyedSemaphore(1);
    const told: string[] = [];
    const cycle = (name: string): Observable<never> =>
      defer(() => {
        told.push(`${name} begins`);
        return NEVER.pipe(finalize(() => told.push(`${name} left`)));
      }).pipe(inTurn(places, 'httpd'));

    const leaving = ['a', 'b', 'c'].map((name) => cycle(name).subscribe());
    for (const subscription of leaving) subscription.unsubscribe();
    expect(told).toEqual(['a begins', 'a left', 'b begins', 'b left', 'c begins', 'c left']);
    expect([places.held, places.waiting]).toEqual([0, 0]);
  });

  it('R8: who leaves at its first value runs nothing further and gives the place back', () => {
    const places = new KeyedSemaphore(1);
    let ran = false;
    const effect = defer(() => {
      ran = true;
      return NEVER;
    });
    concat(of('a'), effect).pipe(inTurn(places, 'a'), take(1)).subscribe();
    expect([ran, places.held, places.waiting]).toEqual([false, 0, 0]);
  });

  it('R8: 10,000 that end at once leave the stack and the places as they were', () => {
    const places = new KeyedSemaphore(1);
    const first = new Subject<number>();
    const ended: number[] = [];
    const errors: unknown[] = [];
    first.pipe(inTurn(places, 'first')).subscribe();
    for (let index = 0; index < 10_000; index += 1) {
      of(index)
        .pipe(inTurn(places, `target ${index}`))
        .subscribe({ next: (value) => ended.push(value), error: (error) => errors.push(error) });
    }
    expect([places.held, places.waiting]).toEqual([1, 10_000]);
    first.complete();
    expect(errors).toEqual([]);
    expect(ended).toEqual(Array.from({ length: 10_000 }, (_, index) => index));
    expect([places.held, places.waiting]).toEqual([0, 0]);
  });

  it('R8: a cycle that ends twice frees its place once', () => {
    const places = new KeyedSemaphore(1);
    const began: string[] = [];
    const ends: (() => void)[] = [];
    for (const key of ['a', 'b', 'c']) {
      const start = (_slot: Slot, end: () => void): void => {
        began.push(key);
        ends.push(end);
      };
      places.request({ key, start, onClosed: () => {} });
    }
    ends[0]?.();
    ends[0]?.();
    expect(began).toEqual(['a', 'b']);
    expect([places.held, places.waiting]).toEqual([1, 1]);
  });

  it('R8: with no places at all nothing begins, until there are some', () => {
    const places = new KeyedSemaphore(0);
    const began: string[] = [];
    for (const key of ['a', 'b']) places.request({ key, start: () => began.push(key), onClosed: () => {} });
    expect(began).toEqual([]);
    places.resize(5);
    expect(began).toEqual(['a', 'b']);
  });

  it('R22: closing in the middle of giving places starts nobody else', () => {
    const places = new KeyedSemaphore(0);
    expect(places.isClosed).toBe(false);
    const told: string[] = [];
    const request = (name: string, start: () => void) =>
      places.request({ key: name, start, onClosed: () => told.push(`${name} closed`) });
    request('a', () => {
      told.push('a began');
      places.close();
    });
    request('b', () => told.push('b began'));
    places.resize(5);
    request('c', () => told.push('c began'));
    expect(told).toEqual(['a began', 'b closed', 'c closed']);
    expect(places.isClosed).toBe(true);
  });
});

describe('Slot', () => {
  /** Cycles that hold their place until they are told to wait, by name. */
  function begin(places: KeyedSemaphore, keys: string): { told: string[]; slot: (key: string) => Slot } {
    const told: string[] = [];
    const slots = new Map<string, Slot>();
    for (const key of keys) {
      const start = (slot: Slot): void => {
        told.push(`${key} begins`);
        slots.set(key, slot);
      };
      places.request({ key, start, onClosed: () => {} });
    }
    return {
      told,
      slot(key) {
        const slot = slots.get(key);
        if (!slot) throw new Error(`${key} has not begun`);
        return {
          release: () => slot.release(),
          acquire: () => slot.acquire().pipe(tap(() => told.push(`${key} goes on`))),
        };
      },
    };
  }

  it('R8: a place that is given back goes to the next; who wants it again goes before who has not begun', () => {
    const places = new KeyedSemaphore(1);
    const { told, slot } = begin(places, 'abcd');
    slot('a').release();
    slot('a').acquire().subscribe();
    slot('b').release();
    slot('a').release();
    expect(told).toEqual(['a begins', 'b begins', 'a goes on', 'c begins']);
    expect([places.held, places.begun, places.waiting]).toEqual([1, 3, 1]);
  });

  it('R8: of those that have begun the first to arrive goes first, whoever asked first', () => {
    const places = new KeyedSemaphore(1);
    const { told, slot } = begin(places, 'abcd');
    for (const key of 'ab') slot(key).release();
    slot('b').acquire().subscribe();
    slot('a').acquire().subscribe();
    slot('c').release();
    slot('a').release();
    expect(told).toEqual(['a begins', 'b begins', 'c begins', 'a goes on', 'b goes on']);
  });

  it('R8: a place that is held is had at once; giving it back twice gives it back once', () => {
    const places = new KeyedSemaphore(2);
    const { told, slot } = begin(places, 'abcd');
    slot('a').acquire().subscribe();
    slot('a').release();
    slot('a').release();
    expect(told).toEqual(['a begins', 'b begins', 'a goes on', 'c begins']);
    expect(places.held).toBe(2);
  });

  it('R8: who leaves while it waits for a place again is passed over, and its key is free', () => {
    const places = new KeyedSemaphore(1);
    const began: string[] = [];
    let place: Slot | undefined;
    const again = new Subject<void>();
    const leaving = limitConcurrency(places, 'x', (slot) => {
      slot.release();
      return again.pipe(switchMap(() => slot.acquire()));
    });
    const holding = limitConcurrency(places, 'y', (slot) => {
      place = slot;
      return NEVER;
    });
    const left = leaving.subscribe();
    holding.subscribe();
    limitConcurrency(places, 'x', () => of(began.push('x again'))).subscribe();
    again.next();
    expect([places.held, places.begun, places.waiting]).toEqual([1, 2, 1]);
    left.unsubscribe();
    expect([places.held, places.begun]).toEqual([1, 1]);
    place?.release();
    expect(began).toEqual(['x again']);
    expect([places.held, places.begun, places.waiting]).toEqual([0, 1, 0]);
  });

  it('R8: the number of cycles that have begun is bounded, 64 for each place, and grows with the places', () => {
    const places = new KeyedSemaphore(2);
    const start = (slot: Slot): void => slot.release();
    const ends: (() => void)[] = [];
    for (let index = 0; index < 300; index += 1) {
      const release = (slot: Slot, end: () => void): void => {
        ends.push(end);
        start(slot);
      };
      places.request({ key: `target ${index}`, start: release, onClosed: () => {} });
    }
    expect([places.held, places.begun, places.waiting]).toEqual([0, 128, 172]);
    ends[0]?.();
    expect([places.begun, places.waiting]).toEqual([128, 171]);
    places.resize(3);
    expect([places.begun, places.waiting]).toEqual([192, 107]);
  });

  it('R8: a key stays owned without a place', () => {
    const places = new KeyedSemaphore(2);
    const told: string[] = [];
    const cycle = (name: string) =>
      limitConcurrency(places, 'httpd', (slot) => {
        told.push(`${name} begins`);
        slot.release();
        return NEVER;
      });
    const first = cycle('a').subscribe();
    cycle('b').subscribe();
    expect([told, places.held]).toEqual([['a begins'], 0]);
    first.unsubscribe();
    expect(told).toEqual(['a begins', 'b begins']);
  });

  it('R22: who has begun gets its places when no new cycle may begin', () => {
    const places = new KeyedSemaphore(1);
    const { told, slot } = begin(places, 'ab');
    slot('a').release();
    places.close();
    slot('a').acquire().subscribe();
    slot('b').release();
    expect(told).toEqual(['a begins', 'b begins', 'a goes on']);
  });
});
