import { describe, expect, it } from 'vitest';
import { Pipeline } from '../../support/streams/pipeline.js';
import { HEALTHY, UNHEALTHY, type WorldOptions } from '../../support/streams/world-options.js';

const FORMATS = ['row', 'minimal', 'statement'] as const;
/** Restarts take 5 s and fail. */
const FAILING: WorldOptions = {
  settings: { maxAttempts: 1 },
  restart: () => ({ takesMs: 5000, error: new Error('no') }),
};

function restartsOf(pipeline: Pipeline): number[] {
  return pipeline.restarts.map(({ from }) => from);
}

describe('R2, R10: an alarm of a failed cycle that was taken back', () => {
  it.each(FORMATS)('during that cycle: the next one is a new alarm, %s', (format) => {
    const pipeline = new Pipeline({ ...FAILING, format });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(3000, () => pipeline.lower(7))
      .at(30_000, () => pipeline.raise(7))
      .runTo(60_000);
    const [first = 0, second = 0, ...more] = restartsOf(pipeline);
    expect([first < 10, second >= 30_000 && second < 30_010, more]).toEqual([true, true, []]);
  });

  it.each(FORMATS)('after it: the next one is a new alarm, %s', (format) => {
    const pipeline = new Pipeline({ ...FAILING, format });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(10_000, () => pipeline.lower(7))
      .at(30_000, () => pipeline.raise(7))
      .runTo(60_000);
    const [first = 0, second = 0, ...more] = restartsOf(pipeline);
    expect([first < 10, second >= 30_000 && second < 30_010, more]).toEqual([true, true, []]);
  });

  it.each(FORMATS)('and raised anew before its end gets its check at once, %s', (format) => {
    const pipeline = new Pipeline({ ...FAILING, format, health: () => ({ takesMs: 1, verdict: UNHEALTHY }) });
    pipeline
      .at(0, () => pipeline.raise(7))
      // The readings that follow a hidden change end 1.5 s later.
      .at(2000, () => pipeline.lower(7))
      .at(4000, () => pipeline.raise(7))
      .runTo(60_000);
    const second = pipeline.events.find(({ type, at }) => at > 5000 && type === 'rechecked');
    expect(second?.at).toBeLessThan(6000);
    expect(restartsOf(pipeline)).toHaveLength(2);
  });

  it('during that cycle, seen by polling alone: the next one is a new alarm', () => {
    const pipeline = new Pipeline({
      ...FAILING,
      restart: () => ({ takesMs: 8000, error: new Error('no') }),
    });
    pipeline
      .at(0, () => pipeline.loseStream())
      .at(1000, () => pipeline.raise(7))
      .at(7000, () => pipeline.lower(7))
      .at(13_500, () => pipeline.raise(7))
      .runTo(60_000);
    expect(restartsOf(pipeline)).toEqual([5001, 15_001]);
  });

  it('also where the alarm before was cleared after a success', () => {
    const error = new Error('no');
    const pipeline: Pipeline = new Pipeline({
      ...FAILING,
      restart: () => (pipeline.now < 60_000 ? { takesMs: 10 } : { takesMs: 8000, error }),
    });
    pipeline
      .at(0, () => pipeline.loseStream())
      .at(1000, () => pipeline.raise(7))
      .at(61_000, () => pipeline.raise(7))
      .at(67_000, () => pipeline.lower(7))
      .at(73_500, () => pipeline.raise(7))
      .runTo(120_000);
    expect(restartsOf(pipeline)).toEqual([5001, 65_001, 75_001]);
  });

  it('also where the stream was lost only after it had told the alarm', () => {
    const error = new Error('no');
    const pipeline: Pipeline = new Pipeline({
      ...FAILING,
      restart: () => (pipeline.now < 60_000 ? { takesMs: 10 } : { takesMs: 20_000, error }),
      health: () => ({ takesMs: 1, verdict: pipeline.now < 62_000 ? HEALTHY : UNHEALTHY }),
    });
    pipeline
      .at(1000, () => pipeline.raise(7))
      .at(60_000, () => pipeline.raise(7))
      .at(61_000, () => pipeline.loseStream())
      .at(67_000, () => pipeline.lower(7))
      .at(79_500, () => pipeline.raise(7))
      .runTo(85_000);
    expect(pipeline.types(7).slice(-3)).toEqual(['detected', 'rechecked', 'attempt-started']);
  });

  it('also where that cycle is the follow-up of a success, and has raised its alarm again', () => {
    const error = new Error('no');
    const pipeline: Pipeline = new Pipeline({
      ...FAILING,
      restart: () => (pipeline.now < 5010 ? { takesMs: 10 } : { takesMs: 20_000, error }),
      health: () => ({ takesMs: 1, verdict: pipeline.now < 5013 ? HEALTHY : UNHEALTHY }),
    });
    pipeline
      .at(0, () => pipeline.loseStream())
      .at(1000, () => pipeline.raise(7))
      .at(12_000, () => pipeline.lower(7))
      .at(24_500, () => pipeline.raise(7))
      .runTo(30_000);
    expect(restartsOf(pipeline)).toHaveLength(3);
    expect(pipeline.types(7).slice(-3)).toEqual(['detected', 'rechecked', 'attempt-started']);
  });

  it('R3: is not what a reading lacks that comes too soon after its raise', () => {
    const pipeline = new Pipeline({ ...FAILING, visibleAfterMs: () => 11 });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(2, () => pipeline.reconcileRequests.next('reconnect'))
      .at(20_000, () => pipeline.reconcileRequests.next('reconnect'))
      .runTo(60_000);
    expect(pipeline.types(7)).not.toContain('rechecked');
    expect(restartsOf(pipeline)).toHaveLength(1);
  });

  it('R12: is not one that our own clear has lowered', () => {
    let checks = 0;
    const pipeline = new Pipeline({
      ...{ format: 'statement', settings: { maxAttempts: 1, healthCheckTimeoutMs: 50 } },
      restart: () => ({ takesMs: 1000 }),
      health: () => {
        checks += 1;
        return { takesMs: 1, verdict: checks === 1 ? { healthy: true, detail: '' } : UNHEALTHY };
      },
      // Our clear has overwritten the raise of 1002 ms; it stays overwritten until the cycle that follows has failed.
      write: (write) => ({ takesMs: write === 'clear' ? 2 : 5000 }),
    });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(1002, () => pipeline.stream.next({ kind: 'hidden', namesTable: true }))
      .at(1500, () => pipeline.reconcileRequests.next('reconnect'))
      .runTo(60_000);
    expect(pipeline.types(7).filter((type) => type === 'exhausted')).toHaveLength(1);
    expect(restartsOf(pipeline)).toHaveLength(2);
  });
});

describe('an alarm that a reading shows to be gone before its restart begins', () => {
  /** One slot, which process 1 holds for 1.5 s; with the stream down the table is read twice a second. */
  const waiting = (): Pipeline => {
    const pipeline = new Pipeline({
      ...{ maxParallel: 1, fallbackIntervalMs: 500 },
      restart: ({ systemName }) => ({ takesMs: systemName === 'p1' ? 1500 : 10 }),
    });
    pipeline
      .at(0, () => pipeline.loseStream())
      .at(4990, () => pipeline.raise(1))
      .at(4991, () => pipeline.raise(7))
      .at(5200, () => pipeline.lower(7));
    return pipeline;
  };

  it('restarts nothing', () => {
    const pipeline = waiting().runTo(60_000);
    expect(pipeline.types(7)).toEqual(['detected', 'withdrawn']);
    expect(restartsOf(pipeline)).toEqual([5001]);
  });

  it('restarts its process if it was raised again meanwhile', () => {
    const pipeline = waiting();
    pipeline.at(5700, () => pipeline.raise(7)).runTo(60_000);
    expect(pipeline.types(7).slice(0, 3)).toEqual(['detected', 'attempt-started', 'restarted']);
    expect(pipeline.table.standing()).toEqual([]);
  });
});

describe('R3: a reading soon after somebody has lowered an alarm', () => {
  it.each(['row', 'minimal'] as const)('begins no cycle for it, %s', (format) => {
    const pipeline: Pipeline = new Pipeline({
      ...{ ...FAILING, format },
      visibleAfterMs: () => (pipeline.now === 20_000 ? 11 : 0),
    });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(20_000, () => pipeline.lower(7))
      .at(20_002, () => {
        pipeline.suppressed.releaseFailed();
        pipeline.reconcileRequests.next('poll');
      })
      .runTo(60_000);
    expect(restartsOf(pipeline)).toHaveLength(1);
    // Once too soon, and once when it is shown for certain.
    expect(pipeline.reads.filter((at) => at >= 20_000)).toEqual([20_002, 20_103]);
  });

  it('begins none where the cycle has ended with it', () => {
    const pipeline: Pipeline = new Pipeline({
      ...FAILING,
      visibleAfterMs: () => (pipeline.now === 5000 ? 50 : 0),
    });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(5000, () => pipeline.lower(7))
      .at(5020, () => pipeline.reconcileRequests.next('reconnect'))
      .runTo(60_000);
    expect(pipeline.types(7)).toContain('exhausted');
    expect(restartsOf(pipeline)).toHaveLength(1);
  });

  it('finds what was raised again meanwhile 100 ms later', () => {
    const pipeline = new Pipeline({ ...FAILING, format: 'minimal' });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(20_000, () => pipeline.lower(7))
      .at(20_010, () => pipeline.raiseUnlogged(7))
      .at(20_020, () => pipeline.reconcileRequests.next('reconnect'))
      .runTo(60_000);
    const second = restartsOf(pipeline)[1] ?? 0;
    expect(second).toBeGreaterThan(20_100);
    expect(second).toBeLessThan(20_130);
  });
});
