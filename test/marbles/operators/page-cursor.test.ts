import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PageKey } from '../../../src/domain/alarm/standing-page.js';
import { PageCursor } from '../../../src/operators/page-cursor.js';

/** Reads pages of two rows of a table with these keys until nothing is left; `during` happens within the page that begins behind a key. */
function read(
  cursor: PageCursor,
  keys: readonly number[],
  during = new Map<PageKey | undefined, () => void>(),
) {
  const seen: number[] = [];
  while (!cursor.isDone) {
    const { after } = cursor;
    const behind = keys.filter((key) => after === undefined || key > Number(after));
    const page = behind.slice(0, 2);
    seen.push(...page);
    const demand = during.get(after);
    during.delete(after);
    cursor.advance(behind.length < 2 ? undefined : page.at(-1));
    demand?.();
  }
  return seen;
}

describe('PageCursor', () => {
  it('has nothing to read before somebody demands it, and reads all once then', () => {
    const cursor = new PageCursor();
    expect(cursor.isDone).toBe(true);
    cursor.demand();
    expect(read(cursor, [1, 2, 3, 4, 5])).toEqual([1, 2, 3, 4, 5]);
    cursor.demand();
    expect(read(cursor, [1, 2])).toEqual([1, 2]);
    cursor.demand();
    expect(read(cursor, [])).toEqual([]);
  });

  it('a demand in the middle goes on from there, and once around', () => {
    const cursor = new PageCursor();
    cursor.demand();
    const seen = read(
      cursor,
      [1, 2, 3, 4, 5],
      new Map<PageKey | undefined, () => void>([[2, () => cursor.demand()]]),
    );
    expect(seen).toEqual([1, 2, 3, 4, 5, 1, 2, 3, 4]);
  });

  it('a page that could not be read is read first by the next demand', () => {
    const cursor = new PageCursor();
    cursor.demand();
    cursor.advance(2);
    cursor.giveUp();
    expect(cursor.isDone).toBe(true);
    cursor.demand();
    expect(read(cursor, [1, 2, 3, 4, 5])).toEqual([3, 4, 5, 1, 2]);
  });

  it('a page that is read without a demand moves the position, and demands nothing', () => {
    const cursor = new PageCursor();
    cursor.advance(3);
    expect([cursor.after, cursor.isDone]).toEqual([3, true]);
    cursor.demand();
    expect(read(cursor, [1, 2, 3, 4, 5])).toEqual([4, 5, 1, 2, 3, 4]);
  });

  it('R4: whatever is demanded, and whenever, every row is read after the last demand', () => {
    const keys = fc
      .uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 15 })
      .map((ids) => ids.sort((a, b) => a - b));
    fc.assert(
      fc.property(keys, fc.array(fc.nat(14), { maxLength: 5 }), (ids, demands) => {
        const cursor = new PageCursor();
        const sinceDemand = new Set<number>();
        let pages = 0;
        cursor.demand();
        while (!cursor.isDone) {
          const { after } = cursor;
          const behind = ids.filter((key) => after === undefined || key > Number(after));
          const page = behind.slice(0, 2);
          for (const key of page) sinceDemand.add(key);
          cursor.advance(behind.length < 2 ? undefined : page.at(-1));
          if (demands.includes(pages)) {
            cursor.demand();
            sinceDemand.clear();
          }
          pages += 1;
          expect(pages).toBeLessThan(200);
        }
        expect([...sinceDemand].sort((a, b) => a - b)).toEqual(ids);
      }),
    );
  });
});
