import { describe, expect, it } from 'vitest';
import type { HealthVerdict } from '../../../src/domain/cycle/restart-target.js';
import { Pipeline } from '../../support/streams/pipeline.js';
import { HEALTHY } from '../../support/streams/world-options.js';

const UNKNOWN: HealthVerdict = { healthy: false, reason: 'pid 7 hangs', isUnknown: true };

describe('R27: a health check that cannot tell', () => {
  it('decides for no restart after a raise during the cycle: the alarm stands and is tried again', () => {
    let checks = 0;
    const pipeline = new Pipeline({
      restart: () => ({ takesMs: 1000 }),
      health: () => {
        checks += 1;
        return { takesMs: 100, verdict: checks === 2 ? UNKNOWN : HEALTHY };
      },
      write: () => ({ takesMs: 20 }),
    })
      .at(0, () => pipeline.raise(7))
      .at(498, () => pipeline.lower(7))
      .at(500, () => pipeline.raise(7, 'again'));
    pipeline.runTo(20_000);
    expect(pipeline.restarts).toHaveLength(1);
    expect(pipeline.events).toContainEqual(
      expect.objectContaining({ type: 'exhausted', step: 'verify', reason: 'pid 7 hangs', attempts: 0 }),
    );
    expect(pipeline.table.row(7)).toMatchObject({ alarma: 1, notes: expect.stringMatching(/pid 7 hangs$/) });
  });

  it('is a failed cycle after a restart, and no reason to restart once more', () => {
    const pipeline = new Pipeline({
      restart: () => ({ takesMs: 100 }),
      health: () => ({ takesMs: 10, verdict: UNKNOWN }),
      write: () => ({ takesMs: 20 }),
    }).at(0, () => pipeline.raise(7));
    pipeline.runTo(60_000);
    expect(pipeline.restarts).toHaveLength(1);
    expect(pipeline.events).toContainEqual(
      expect.objectContaining({ type: 'exhausted', step: 'verify', reason: 'pid 7 hangs', attempts: 1 }),
    );
    expect(pipeline.table.row(7)).toMatchObject({ alarma: 1 });
  });

  it.each(['restart', 'look'] as const)(
    'nor is a healthy process restarted once more because its run cannot be watched (run told by %s)',
    (toldBy) => {
      const pipeline = new Pipeline({
        settings: { stableForMs: 5000 },
        run: () => ({ toldBy, watchError: new Error('the bus is away') }),
      }).at(0, () => pipeline.raise(7));
      pipeline.runTo(20_000);
      expect(pipeline.restarts).toHaveLength(1);
      expect(pipeline.table.row(7)).toMatchObject({
        alarma: 1,
        notes: expect.stringMatching(/cannot tell whether it keeps running: the bus is away/),
      });
    },
  );

  it.each([
    { check: {}, restarts: 1 },
    { check: { healthCheckCommand: 'pgrep %s' }, restarts: 1 },
    { check: { healthCheckCommand: 'pgrep -x %s' }, restarts: 3 },
    { check: { healthCheckPort: { port: 80 } }, restarts: 3 },
    { check: { healthCheckUrl: 'http://localhost' }, restarts: 3 },
  ])('that gives no answer in time: $restarts restarts with $check', ({ check, restarts }) => {
    const pipeline = new Pipeline({
      settings: { ...check, maxAttempts: 3, restartDelayMs: 1000, healthCheckTimeoutMs: 5000 },
      health: () => ({ takesMs: 10_000, verdict: UNKNOWN }),
    }).at(0, () => pipeline.raise(7));
    pipeline.runTo(25_000);
    expect(pipeline.restarts).toHaveLength(restarts);
    expect(pipeline.table.row(7)).toMatchObject({
      alarma: 1,
      notes: expect.stringMatching(/no answer within 5 s/),
    });
  });
});
