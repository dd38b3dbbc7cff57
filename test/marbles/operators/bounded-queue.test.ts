import { EMPTY, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { boundedQueue } from '../../../src/operators/bounded-queue.js';
import { marbles } from '../../support/marbles.js';

interface Item {
  readonly name: string;
}

const ITEMS = Object.fromEntries([...'abcde'].map((name) => [name, { name }]));

describe('boundedQueue', () => {
  it('works on one at a time, in order of arrival, to the end of the last', () => {
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source = hot<Item>('abc------|', ITEMS);
      const subs = '            ^--------!';
      const work = cold('       --x|');
      const workSubs = ['       ^--!', '---^--!', '------^--!'];
      const expected = '        --x--x--x|';
      expectObservable(source.pipe(boundedQueue({ size: 5, project: () => work }))).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(subs);
      expectSubscriptions(work.subscriptions).toBe(workSubs);
    });
  });

  it('gives up the oldest that waits where too many do, and says how many', () => {
    marbles(({ hot, cold, expectObservable }) => {
      const source = hot<Item>('abcde------------|', ITEMS);
      const expected = '        -----a-----d-----e|';
      const project = ({ name }: Item, lost: number) => cold('-----x|', { x: `${name}${lost}` });
      const values = { a: 'a0', d: 'd2', e: 'e0' };
      expectObservable(source.pipe(boundedQueue({ size: 2, project }))).toBe(expected, values);
    });
  });

  it('who leaves leaves the work too, and nothing else is begun', () => {
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source = hot<Item>('ab-----', ITEMS);
      const work = cold('       -----x|');
      const unsub = '           ^--!';
      expectObservable(source.pipe(boundedQueue({ size: 5, project: () => work })), unsub).toBe('----');
      expectSubscriptions(source.subscriptions).toBe(unsub);
      expectSubscriptions(work.subscriptions).toBe([unsub]);
    });
  });

  it('errors of the source, of the work, and of the project end it', () => {
    marbles(({ cold, expectObservable }) => {
      const idle = boundedQueue<Item, never>({ size: 5, project: () => EMPTY });
      expectObservable(cold<Item>('-#').pipe(idle)).toBe('-#');
      const failing = boundedQueue<Item, never>({ size: 5, project: () => throwError(() => 'error') });
      expectObservable(cold<Item>('-a', ITEMS).pipe(failing)).toBe('-#');
      const throwing = boundedQueue<Item, never>({
        size: 5,
        project() {
          throw 'error';
        },
      });
      expectObservable(cold<Item>('-a', ITEMS).pipe(throwing)).toBe('-#');
    });
  });

  it('empty and never', () => {
    marbles(({ cold, expectObservable }) => {
      const idle = boundedQueue<Item, never>({ size: 5, project: () => EMPTY });
      expectObservable(cold<Item>('---|').pipe(idle)).toBe('---|');
      expectObservable(cold<Item>('---').pipe(idle)).toBe('---');
    });
  });

  it('10,000 that end at once lose none and leave the stack as it was', () => {
    const ended: number[] = [];
    const items = Array.from({ length: 10_000 }, (_, index) => ({ index }));
    of(...items)
      .pipe(boundedQueue({ size: 1, project: ({ index }) => of(index) }))
      .subscribe((index) => ended.push(index));
    expect(ended).toHaveLength(10_000);
  });
});
