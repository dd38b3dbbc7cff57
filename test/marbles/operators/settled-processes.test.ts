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

it('R12: 5,000 processes are kept, and for all others the last forgotten one counts', () => {
  const settled = new SettledProcesses();
  for (let id = 1; id <= 5000; id += 1) settled.add(id, id);
  // Nothing is forgotten yet: an unknown process never settled.
  expect([settled.isStale(9999, 0), settled.isStale(1, 0), settled.isStale(1, 1)]).toEqual([
    false,
    true,
    false,
  ]);
  settled.add(5001, 5001);
  expect([settled.isStale(9999, 0), settled.isStale(9999, 1)]).toEqual([true, false]);
  expect([settled.isStale(2, 1), settled.isStale(2, 2)]).toEqual([true, false]);
});

it('R12: a process that settles again is forgotten last, and its latest end counts', () => {
  const settled = new SettledProcesses();
  for (let id = 1; id <= 5000; id += 1) settled.add(id, id);
  settled.add(1, 6000);
  expect(settled.isStale(9999, 0)).toBe(false);
  settled.add(5001, 6001);
  expect([settled.isStale(1, 5999), settled.isStale(1, 6000)]).toEqual([true, false]);
  // The oldest is process 2 now.
  expect([settled.isStale(9999, 1), settled.isStale(9999, 2)]).toEqual([true, false]);
});
