import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
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

it('tells what it has forgotten, and nothing of what was set again or deleted', () => {
  const forgotten: [number, string][] = [];
  const map = new BoundedMap<number, string>(2, (key, value) => forgotten.push([key, value]));
  map.set(1, 'a').set(2, 'b').set(1, 'c');
  map.delete(2);
  map.set(3, 'd');
  expect(forgotten).toEqual([]);
  map.set(4, 'e').set(5, 'f');
  expect(forgotten).toEqual([
    [1, 'c'],
    [3, 'd'],
  ]);
});

it('keeps nothing of what was set before, also when it forgets no more', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const map = new BoundedMap<number, object>(4);
  for (let key = 0; key < 5; key += 1) map.set(key, {});
  const values: WeakRef<object>[] = [];
  for (let time = 0; time < 2000; time += 1) {
    const value = { time };
    values.push(new WeakRef(value));
    map.set(1 + (time % 4), value);
  }
  // A WeakRef holds its value until the end of the turn in which it was made.
  await delay(1);
  collectGarbage();
  expect(values.filter((value) => value.deref()).length).toBeLessThan(100);
  expect(map.size).toBe(4);
});
