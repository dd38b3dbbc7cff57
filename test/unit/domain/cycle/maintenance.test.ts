import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Maintenance, pausesOf, runAfter, runAt } from '../../../../src/domain/cycle/maintenance.js';
import { describePause } from '../../../../src/domain/cycle/pause.js';

const backup: Maintenance = { name: 'backup', schedule: '', durationMs: 20, processes: ['db', 'web'] };

describe('a maintenance', () => {
  it('runs from its begin to its end, to the millisecond, and as an oracle over all its starts says', () => {
    const starts = fc
      .uniqueArray(fc.nat(500), { maxLength: 8 })
      .map((times) => times.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(starts, fc.integer({ min: 1, max: 60 }), fc.nat(600), (times, durationMs, now) => {
        const maintenance = { ...backup, durationMs };
        const next = (after: number) => times.find((time) => time > after);
        const expected = times.findLast((time) => time <= now && now < time + durationMs);
        const run = runAt(maintenance, next, now);
        expect(run?.since).toBe(expected);
        if (run) expect(run.until).toBe(run.since + durationMs);
        expect(runAfter(maintenance, next, now)?.since).toBe(next(now));
      }),
    );
  });

  it('is over at its end, and not before its begin', () => {
    const next = (after: number) => (after < 100 ? 100 : undefined);
    expect([99, 100, 119, 120].map((now) => runAt(backup, next, now)?.since)).toEqual([
      undefined,
      100,
      100,
      undefined,
    ]);
  });

  it('pauses each of its processes, or all, but those for which it was ended early', () => {
    const run = { maintenance: backup, since: 100, until: 120 };
    const pause = { since: 100, until: 120, by: 'maintenance backup', maintenance: 'backup' };
    expect(pausesOf(run, [])).toEqual([
      { ...pause, processName: 'db' },
      { ...pause, processName: 'web' },
    ]);
    const ended = { maintenance: 'backup', since: 100, until: 120, processName: 'db' };
    expect(pausesOf(run, [ended])).toEqual([{ ...pause, processName: 'web' }]);
    expect(pausesOf(run, [{ ...ended, since: 0 }])).toHaveLength(2);
    expect(pausesOf(run, [{ ...ended, maintenance: 'other' }])).toHaveLength(2);
    const all = { ...run, maintenance: { ...backup, processes: [], reason: 'dump' } };
    expect(pausesOf(all, [ended])).toEqual([{ ...pause, reason: 'dump' }]);
    expect(pausesOf(all, [{ maintenance: 'backup', since: 100, until: 120 }])).toEqual([]);
  });

  it('is named where something is paused by it', () => {
    const [pause] = pausesOf({ maintenance: { ...backup, reason: 'dump' }, since: 0, until: 0 }, []);
    expect(pause && describePause(pause)).toMatch(/^paused by maintenance backup until \d{4}-.*: dump$/);
  });
});
