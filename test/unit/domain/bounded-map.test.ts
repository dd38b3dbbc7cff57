import { expect, it } from 'vitest';
import { BoundedMap } from '../../../src/domain/bounded-map.js';

it('forgets what was set longest ago', () => {
  const map = new BoundedMap<number, string>(2);
  map.set(1, 'a').set(2, 'b').set(1, 'c').set(3, 'd');
  expect([...map]).toEqual([
    [1, 'c'],
    [3, 'd'],
  ]);
});

it('forgets in the same order after a long time in which it was not full', () => {
  const map = new BoundedMap<number, string>(2);
  map.set(1, 'a').set(2, 'b').set(3, 'c');
  for (let time = 0; time < 5; time += 1) map.set(2, 'd').set(3, 'e');
  map.set(4, 'f');
  expect([...map.keys()]).toEqual([3, 4]);
});
