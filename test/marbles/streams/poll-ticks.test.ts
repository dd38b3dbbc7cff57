import { map } from 'rxjs';
import { describe, it } from 'vitest';
import { pollTicks } from '../../../src/streams/poll-ticks.js';
import { marbles } from '../../support/marbles.js';

const TICKS = { c: 'check', f: 'fallback' } as const;
const STATES = { u: true, d: false };

describe('R5: poll ticks', () => {
  it('check_interval always, stream up or down; fallback_interval only while it is down', () => {
    marbles(({ hot, scheduler, expectObservable, expectSubscriptions }) => {
      const states = hot('  u----d-------u----------', STATES);
      const subscription = '^----------------------!';
      // A check every 10 ms, a fallback every 3 ms.
      const expected = '    --------f-cf--------c---';
      const ticks = pollTicks({
        checkIntervalMs: 10,
        fallbackIntervalMs: 3,
        isStreaming: states,
        scheduler,
        random: () => 1,
      });
      expectObservable(ticks, subscription).toBe(expected, TICKS);
      expectSubscriptions(states.subscriptions).toBe(subscription);
      void expected;
    });
  });

  it('a state that is told again does not begin the fallback interval anew', () => {
    marbles(({ hot, scheduler, expectObservable }) => {
      const states = hot('  d-d-d-d-d-d', STATES);
      const subscription = '^----------!';
      const expected = '    -----f----f-';
      const ticks = pollTicks({
        checkIntervalMs: 99,
        fallbackIntervalMs: 5,
        isStreaming: states,
        scheduler,
        random: () => 1,
      });
      expectObservable(ticks, subscription).toBe(expected, TICKS);
    });
  });

  it('each interval is up to a tenth shorter at random, so that many hosts do not ask together', () => {
    marbles(({ hot, scheduler, expectObservable }) => {
      const states = hot('  u');
      const draws = [0, 1, 0.5];
      const ticks = pollTicks({
        checkIntervalMs: 100,
        fallbackIntervalMs: 1,
        isStreaming: states.pipe(map(() => true)),
        scheduler,
        random: () => draws.shift() ?? 1,
      });
      expectObservable(ticks, '290ms !').toBe('90ms c 99ms c 94ms c', TICKS);
    });
  });

  it('every outage has fallbacks of its own', () => {
    marbles(({ hot, scheduler, expectObservable }) => {
      const states = hot('  d---u---d-----u-', STATES);
      const subscription = '^--------------!';
      const expected = '    ---f-------f----';
      const ticks = pollTicks({
        checkIntervalMs: 99,
        fallbackIntervalMs: 3,
        isStreaming: states,
        scheduler,
        random: () => 1,
      });
      expectObservable(ticks, subscription).toBe(expected, TICKS);
    });
  });
});
