import { describe, expect, it } from 'vitest';
import { Pipeline } from '../../support/streams/pipeline.js';
import { UNHEALTHY, type WorldOptions } from '../../support/streams/world-options.js';

const FAILING: WorldOptions = {
  settings: { maxAttempts: 1 },
  maxFailures: 3,
  resetTimeMs: 1_000_000,
  restart: () => ({ takesMs: 10, error: new Error('no') }),
};

describe('R9: failed cycles in a row', () => {
  it('open the breaker; while it is open every alarm is skipped', () => {
    const pipeline = new Pipeline(FAILING);
    pipeline.at(0, () => pipeline.raise(7)).runTo(1_000_000);
    expect(pipeline.restarts.map(({ from }) => from)).toEqual([2, 300_001, 600_001]);
    expect(pipeline.types(7).slice(-6)).toEqual([
      'attempt-failed',
      'exhausted',
      'opened',
      'noted',
      'detected',
      'skipped-open',
    ]);
    const opened = pipeline.events.find(({ type }) => type === 'opened');
    expect(opened).toMatchObject({ failures: 3, at: 600_011, retryAt: 1_600_011 });
    expect(pipeline.events.at(-1)).toMatchObject({ failures: 3, retryAt: 1_600_011 });
    // The note of the last failure stands.
    expect(pipeline.table.row(7).notes).toMatch(/^FAILED/);
  });

  it('a raise while it is open restarts nothing either', () => {
    const pipeline = new Pipeline(FAILING);
    pipeline.at(0, () => pipeline.raise(7)).at(700_000, () => pipeline.lower(7));
    pipeline.at(700_010, () => pipeline.raise(7)).runTo(1_600_000);
    expect(pipeline.restarts).toHaveLength(3);
    expect(pipeline.types(7)).toContain('skipped-open');
  });

  it('half-open: exactly one cycle, at once; its failure opens the breaker again', () => {
    const pipeline = new Pipeline(FAILING);
    pipeline.at(0, () => pipeline.raise(7)).runTo(2_600_000);
    expect(pipeline.restarts.map(({ from }) => from).slice(3)).toEqual([1_600_012]);
    const trial = pipeline.events.filter(({ at }) => at >= 1_600_011 && at < 1_650_000);
    expect(trial[0]).toMatchObject({ type: 'detected', alarm: { trigger: 'circuit-reset' } });
    expect(trial.map(({ type }) => type)).toEqual([
      'detected',
      'attempt-started',
      'attempt-failed',
      'exhausted',
      'opened',
      'noted',
    ]);
  });

  it('half-open: its success closes the breaker and zeroes the count', () => {
    const pipeline = new Pipeline({
      ...FAILING,
      restart: () => ({ takesMs: 10, ...(pipeline.now < 1_600_000 ? { error: new Error('no') } : {}) }),
    });
    pipeline.at(0, () => pipeline.raise(7)).runTo(1_700_000);
    expect(pipeline.types(7).slice(-5)).toEqual([
      'attempt-started',
      'restarted',
      'verified',
      'closed',
      'cleared',
    ]);
    expect(pipeline.breakers.get(7)).toMatchObject({ state: 'closed', failures: 0 });
  });

  it('half-open: an alarm that does not stand any more starts nothing', () => {
    const pipeline = new Pipeline(FAILING);
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(700_000, () => pipeline.lower(7))
      .runTo(2_000_000);
    expect(pipeline.restarts).toHaveLength(3);
    expect(pipeline.breakers.get(7)).toMatchObject({ state: 'half-open', onTrial: false });
  });

  it.each([
    ['half-open', () => {}],
    // As `monitor_service reset` does it.
    [
      'released',
      (pipeline: Pipeline) => {
        pipeline.suppressed.release(7);
        pipeline.reconcileRequests.next('circuit-reset');
      },
    ],
    ['due for its next check', (pipeline: Pipeline) => pipeline.suppressed.releaseFailed()],
  ])('%s while the failed cycle still writes: one cycle at once when it has ended', (how, release) => {
    let canWrite = false;
    const pipeline = new Pipeline({
      ...FAILING,
      maxFailures: how === 'half-open' ? 1 : 3,
      resetTimeMs: 20_000,
      write: () => ({ takesMs: 2, ...(canWrite ? {} : { error: new Error('read-only') }) }),
    });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(25_000, () => release(pipeline))
      .at(30_000, () => {
        canWrite = true;
      })
      .runTo(100_000);
    const begun = pipeline.events.filter(({ type }) => type === 'attempt-started').map(({ at }) => at);
    const noted = pipeline.events.find(({ type }) => type === 'noted')?.at ?? 0;
    expect(noted).toBeGreaterThan(30_000);
    // One reading, which takes a millisecond.
    expect(begun.slice(0, 2)).toEqual([2, noted + 1]);
    expect(pipeline.events.find(({ at, type }) => at > noted && type === 'detected')).toMatchObject({
      alarm: { trigger: how === 'due for its next check' ? 'poll' : 'circuit-reset' },
    });
  });

  it('half-open: a trial that was taken back in its queue is given back', () => {
    const pipeline = new Pipeline({
      ...FAILING,
      maxFailures: 1,
      maxParallel: 1,
      restart: ({ systemName }) => ({
        takesMs: systemName === 'p1' ? 60_000 : 10,
        ...(systemName === 'p1' ? {} : { error: new Error('no') }),
      }),
    });
    pipeline.at(0, () => pipeline.raise(7)).at(999_000, () => pipeline.raise(1));
    pipeline
      .at(1_020_000, () => pipeline.lower(7))
      .at(1_100_000, () => pipeline.raise(7))
      .runTo(1_150_000);
    expect(pipeline.types(7)).toContain('withdrawn');
    expect(pipeline.restarts.filter(({ processId }) => processId === 7).map(({ from }) => from)).toEqual([
      2, 1_100_002,
    ]);
  });

  it('a success between failures zeroes the count', () => {
    let restarts = 0;
    const pipeline = new Pipeline({
      ...FAILING,
      restart: () => {
        restarts += 1;
        return { takesMs: 10, ...(restarts === 3 ? {} : { error: new Error('no') }) };
      },
    });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(700_000, () => pipeline.raise(7))
      .runTo(1_100_000);
    expect(pipeline.restarts.length).toBeGreaterThanOrEqual(5);
    expect(pipeline.types(7)).not.toContain('opened');
  });

  it('breakers of other processes are their own', () => {
    const pipeline = new Pipeline({
      ...FAILING,
      maxFailures: 1,
      restart: ({ systemName }) => ({
        takesMs: 10,
        ...(systemName === 'p7' ? { error: new Error('no') } : {}),
      }),
    });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(1000, () => pipeline.raise(8))
      .runTo(5000);
    expect(pipeline.types(8)).toContain('cleared');
  });

  it('an unhealthy follow-up counts as well', () => {
    const pipeline = new Pipeline({
      settings: { maxAttempts: 1, healthCheckTimeoutMs: 50 },
      maxFailures: 2,
      restart: () => ({ takesMs: 1000 }),
      health: () => ({ takesMs: 10, verdict: UNHEALTHY }),
    });
    pipeline.at(0, () => pipeline.raise(7)).at(500, () => pipeline.lower(7));
    pipeline.at(510, () => pipeline.raise(7)).runTo(20_000);
    expect(pipeline.restarts).toHaveLength(2);
    expect(pipeline.types(7)).toContain('opened');
  });
});
