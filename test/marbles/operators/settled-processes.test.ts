import { expect, it } from 'vitest';
import { SettledProcesses } from '../../../src/operators/settled-processes.js';

it('R12: a reading from before the end of a cycle is out of date, however many cycles have ended since', () => {
  const settled = new SettledProcesses();
  expect(settled.isStale(1, 0)).toBe(false);
  for (let id = 1; id <= 20_000; id += 1) settled.add(id, id);
  expect([settled.isStale(20_000, 19_999), settled.isStale(20_000, 20_000)]).toEqual([true, false]);
  expect(settled.isStale(1, 0)).toBe(true);
  // What is known no more is believed only of a reading that began after the last that was forgotten.
  expect([settled.isStale(1, 10_000), settled.isStale(1, 20_001)]).toEqual([true, false]);
});
