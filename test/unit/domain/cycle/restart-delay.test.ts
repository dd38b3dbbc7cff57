import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restartDelay } from '../../../../src/domain/cycle/restart-delay.js';

const LONGEST = () => 0.999_999;

describe('R34: restart_delay_max', () => {
  it('absent: every pause is restart_delay', () => {
    const delays = [1, 2, 9].map((retry) => restartDelay(retry, { restartDelayMs: 2000 }, LONGEST));
    expect(delays).toEqual([2000, 2000, 2000]);
  });

  it('doubles the pause from restart_delay up to it', () => {
    const settings = { restartDelayMs: 2000, restartDelayMaxMs: 15_000 };
    const delays = [1, 2, 3, 4, 5, 60].map((retry) => restartDelay(retry, settings, LONGEST));
    expect(delays).toEqual([2000, 4000, 8000, 15_000, 15_000, 15_000]);
  });

  it('takes a random part off, so that what failed together does not start together', () => {
    const settings = { restartDelayMs: 2000, restartDelayMaxMs: 60_000 };
    expect(restartDelay(4, settings, () => 0)).toBe(8000);
    expect(restartDelay(4, settings, () => 0.5)).toBe(12_000);
  });

  it('lies between restart_delay and the larger of both, whatever they are', () => {
    const ms = fc.nat(3_600_000);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        ms,
        ms,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (retry, first, max, at) => {
          const delay = restartDelay(retry, { restartDelayMs: first, restartDelayMaxMs: max }, () => at);
          expect(delay).toBeGreaterThanOrEqual(first);
          expect(delay).toBeLessThanOrEqual(Math.max(first, max));
        },
      ),
    );
  });
});
