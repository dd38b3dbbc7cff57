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
