import { concat, defer, EMPTY, finalize, NEVER, Observable, of, Subject, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { KeyedSemaphore, limitConcurrency } from '../../../src/operators/limit-concurrency.js';
import { marbles } from '../../support/marbles.js';

describe('limitParallel', () => {
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
      expectObservable(a.pipe(limitConcurrency(places, 'a'))).toBe('--a--|');
      expectObservable(b.pipe(limitConcurrency(places, 'b'))).toBe('---b----|');
      expectObservable(c.pipe(limitConcurrency(places, 'c'))).toBe('------c----|');
      expectObservable(d.pipe(limitConcurrency(places, 'd'))).toBe('---------d--|');
      expectObservable(e.pipe(limitConcurrency(places, 'e'))).toBe('-------------e-|');
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
      expectObservable(never.pipe(limitConcurrency(places, 'never'))).toBe('-----------');
      expectObservable(a.pipe(limitConcurrency(places, 'a'))).toBe('--a|');
      expectObservable(b.pipe(limitConcurrency(places, 'b'))).toBe('-----b|');
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
      expectObservable(first.pipe(limitConcurrency(places, 'httpd'))).toBe(' ----a|');
      expectObservable(second.pipe(limitConcurrency(places, 'httpd'))).toBe('-------b|');
      expectObservable(third.pipe(limitConcurrency(places, 'httpd'))).toBe(' ----------c|');
      expectObservable(other.pipe(limitConcurrency(places, 'mysqld'))).toBe('-d|');
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
      expectObservable(failing.pipe(limitConcurrency(places, 'a'))).toBe('--#');
      expectObservable(next.pipe(limitConcurrency(places, 'b'))).toBe('   ---b|');
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
      expectObservable(EMPTY.pipe(limitConcurrency(places, 'a'))).toBe('|');
      expectObservable(throwing.pipe(limitConcurrency(places, 'b'))).toBe('#', {}, fault);
      expectObservable(next.pipe(limitConcurrency(places, 'c'))).toBe('-b|');
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
      expectObservable(running.pipe(limitConcurrency(places, 'a')), '  ^---!').toBe('--a---');
      expectObservable(leftQueue.pipe(limitConcurrency(places, 'b')), '^-!').toBe('  ------');
      expectObservable(next.pipe(limitConcurrency(places, 'c'))).toBe('------c|');
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
      expectObservable(a.pipe(limitConcurrency(places, 'a'))).toBe('-----a|');
      expectObservable(b.pipe(limitConcurrency(places, 'b'))).toBe('-------b|');
      expectObservable(c.pipe(limitConcurrency(places, 'c'))).toBe('----------c|');
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
      expectObservable(running.pipe(limitConcurrency(places, 'a'))).toBe('-----a|');
      expectObservable(waiting.pipe(limitConcurrency(places, 'b'))).toBe(completed);
      expectObservable(late.pipe(limitConcurrency(places, 'c')), '   ---^').toBe('---|');
      scheduler.schedule(() => places.close(), 2);
      expectSubscriptions(running.subscriptions).toBe(runningSubs);
      expectSubscriptions(waiting.subscriptions).toBe([]);
      expectSubscriptions(late.subscriptions).toBe(lateSubs);
    });
  });
});

describe('Places', () => {
  it('R8: the place is free before the end is told', () => {
    const places = new KeyedSemaphore(1);
    const held: number[] = [];
    of('a')
      .pipe(limitConcurrency(places, 'a'))
      .subscribe({ next: () => held.push(places.held), complete: () => held.push(places.held) });
    new Observable((subscriber) => subscriber.error(new Error('fault')))
      .pipe(limitConcurrency(places, 'a'))
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
      }).pipe(limitConcurrency(places, 'httpd'));

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
    concat(of('a'), effect).pipe(limitConcurrency(places, 'a'), take(1)).subscribe();
    expect([ran, places.held, places.waiting]).toEqual([false, 0, 0]);
  });

  it('R8: 10,000 that end at once leave the stack and the places as they were', () => {
    const places = new KeyedSemaphore(1);
    const first = new Subject<number>();
    const ended: number[] = [];
    const errors: unknown[] = [];
    first.pipe(limitConcurrency(places, 'first')).subscribe();
    for (let index = 0; index < 10_000; index += 1) {
      of(index)
        .pipe(limitConcurrency(places, `target ${index}`))
        .subscribe({ next: (value) => ended.push(value), error: (error) => errors.push(error) });
    }
    expect([places.held, places.waiting]).toEqual([1, 10_000]);
    first.complete();
    expect(errors).toEqual([]);
    expect(ended).toEqual(Array.from({ length: 10_000 }, (_, index) => index));
    expect([places.held, places.waiting]).toEqual([0, 0]);
  });

  it('R8: giving a place back twice frees it once', () => {
    const places = new KeyedSemaphore(1);
    const began: string[] = [];
    const claim = (name: string) =>
      places.claim({ target: name, start: () => began.push(name), onClosed: () => {} });
    const release = claim('a');
    claim('b');
    claim('c');
    release();
    release();
    expect(began).toEqual(['a', 'b']);
    expect([places.held, places.waiting]).toEqual([1, 1]);
  });

  it('R8: with no places at all nothing begins, until there are some', () => {
    const places = new KeyedSemaphore(0);
    const began: string[] = [];
    for (const name of ['a', 'b'])
      places.claim({ target: name, start: () => began.push(name), onClosed: () => {} });
    expect(began).toEqual([]);
    places.resize(5);
    expect(began).toEqual(['a', 'b']);
  });

  it('R22: closing in the middle of giving places starts nobody else', () => {
    const places = new KeyedSemaphore(0);
    expect(places.isClosed).toBe(false);
    const told: string[] = [];
    const claim = (name: string, start: () => void) =>
      places.claim({ target: name, start, onClosed: () => told.push(`${name} closed`) });
    claim('a', () => {
      told.push('a began');
      places.close();
    });
    claim('b', () => told.push('b began'));
    places.resize(5);
    claim('c', () => told.push('c began'));
    expect(told).toEqual(['a began', 'b closed', 'c closed']);
    expect(places.isClosed).toBe(true);
  });
});
