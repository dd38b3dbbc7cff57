import { describe, expect, it } from 'vitest';
import { Pipeline } from '../../support/streams/pipeline.js';
import { SETTINGS, UNHEALTHY, type WorldOptions } from '../../support/streams/world-options.js';

const MIN = 60_000;

/** Every restart succeeds; somebody raises the alarm again and again. */
const FLAPPING: WorldOptions = {
  beginsAfterMs: 5,
  restart: () => ({ takesMs: 10 }),
  resetTimeMs: 30 * MIN,
  checkIntervalMs: 5 * MIN,
  flapping: { maxRestarts: 3, restartWindowMs: 10 * MIN, resetMaxMs: 60 * MIN },
};

describe('R34: max_restarts within restart_window', () => {
  it('the next alarm opens the breaker, although every restart was verified, and is tried when it is half-open', () => {
    const pipeline = raiseEvery(MIN, 4, FLAPPING);
    pipeline.runTo(3 * MIN + 1000);
    expect(pipeline.restarts).toHaveLength(3);
    expect(pipeline.types(7).slice(-3)).toEqual(['detected', 'flapping', 'noted']);
    expect(pipeline.events.find(({ type }) => type === 'flapping')).toMatchObject({
      restarts: 3,
      withinMs: 3 * MIN - 5,
      retryAt: 33 * MIN + 2,
    });
    expect(pipeline.table.row(7)).toMatchObject({
      alarma: 1,
      notes: expect.stringMatching(/^OPEN .* flapping: 3 restarts in 2 min 59 s, not restarted$/),
    });
    // The checks meanwhile find it open; then one cycle runs, and its success forgets the restarts.
    pipeline.runTo(33 * MIN + 1000);
    expect(pipeline.types(7)).toContain('skipped-open');
    expect(pipeline.restarts).toHaveLength(4);
    expect(pipeline.types(7).slice(-3)).toEqual(['verified', 'closed', 'cleared']);
    expect(pipeline.breakers.recentRestarts().size).toBe(0);
  });

  it('R10: readings leave the alarm alone until the next check_interval', () => {
    const pipeline = raiseEvery(MIN, 4, FLAPPING);
    pipeline.at(3 * MIN + 30_000, () => pipeline.reconcileRequests.next('reconnect'));
    pipeline.runTo(4 * MIN);
    expect(pipeline.types(7).slice(-2)).toEqual(['flapping', 'noted']);
    pipeline.runTo(5 * MIN + 1000);
    expect(pipeline.types(7).slice(-2)).toEqual(['detected', 'skipped-open']);
  });

  it('restarts that are further apart are no flapping', () => {
    const pipeline = raiseEvery(4 * MIN, 20, FLAPPING);
    pipeline.runTo(100 * MIN);
    expect(pipeline.restarts).toHaveLength(20);
  });

  it('0 allows any number', () => {
    const pipeline = raiseEvery(MIN, 40, { ...FLAPPING, flapping: { maxRestarts: 0 } });
    pipeline.runTo(60 * MIN);
    expect(pipeline.restarts).toHaveLength(40);
  });

  it('a running cycle finishes its attempts, also beyond max_restarts', () => {
    const pipeline = new Pipeline({
      ...FLAPPING,
      settings: { maxAttempts: 5, restartDelayMs: 1000 },
      restart: () => ({ takesMs: 10, error: new Error('no') }),
    });
    pipeline.at(0, () => pipeline.raise(7)).runTo(4 * MIN);
    expect(pipeline.restarts).toHaveLength(5);
    expect(pipeline.types(7)).not.toContain('flapping');
    pipeline.runTo(5 * MIN + 1000);
    expect(pipeline.types(7).slice(-3)).toEqual(['detected', 'flapping', 'noted']);
    expect(pipeline.restarts).toHaveLength(5);
  });

  it('restarts that an administrator asks for neither count nor are held back', () => {
    const pipeline = new Pipeline(FLAPPING);
    for (let each = 0; each < 6; each += 1) pipeline.at(each * MIN, () => pipeline.request(7));
    pipeline.at(7 * MIN, () => pipeline.raise(7)).runTo(8 * MIN);
    expect(pipeline.restarts).toHaveLength(7);
    const flapping = raiseEvery(MIN, 3, FLAPPING);
    flapping.at(4 * MIN, () => flapping.request(7)).runTo(5 * MIN);
    expect(flapping.restarts).toHaveLength(4);
  });

  it('a reset forgets the restarts', () => {
    const pipeline = raiseEvery(MIN, 6, FLAPPING);
    pipeline
      .at(2.5 * MIN, () => expect(pipeline.breakers.reset({ processId: 7, systemName: 'p7' })).toBe(true))
      .runTo(6 * MIN);
    expect(pipeline.restarts).toHaveLength(6);
  });

  it('counts by the system name: two rows of one unit share their restarts', () => {
    const settings = { ...SETTINGS, systemName: 'web.service' };
    const pipeline = new Pipeline({
      ...FLAPPING,
      sections: new Map([
        ['p7', settings],
        ['p8', { ...settings, systemName: 'web' }],
      ]),
    });
    for (const [minute, id] of [7, 8, 7].entries()) pipeline.at(minute * MIN, () => pipeline.raise(id));
    pipeline.at(3 * MIN, () => pipeline.raise(8)).runTo(4 * MIN);
    expect(pipeline.restarts).toHaveLength(3);
    expect(pipeline.types(8).slice(-2)).toEqual(['flapping', 'noted']);
  });

  it('openings in a row lengthen the reset time by half, up to circuit_reset_max', () => {
    const pipeline = new Pipeline({
      ...FLAPPING,
      settings: { maxAttempts: 1 },
      health: () => ({ takesMs: 1, verdict: UNHEALTHY }),
      maxFailures: 1,
    });
    pipeline.at(0, () => pipeline.raise(7)).runTo(240 * MIN);
    const openings = pipeline.events.filter(({ type }) => type === 'opened').map(({ at }) => at);
    const waits = openings.slice(1).map((at, index) => Math.round((at - (openings[index] ?? 0)) / MIN));
    expect(waits).toEqual([30, 45, 60, 60]);
  });

  it('the first restart_window without a restart begins anew', () => {
    let isIll = true;
    const pipeline: Pipeline = new Pipeline({
      ...FLAPPING,
      settings: { maxAttempts: 1, healthCheckTimeoutMs: 1 },
      restart: () => ({ takesMs: 10, ...(isIll ? { error: new Error('no') } : {}) }),
      maxFailures: 1,
    });
    const waits: number[] = [];
    const open = () => {
      const { retryAt } = pipeline.breakers.describe(7);
      waits.push(Math.round((retryAt - pipeline.now) / MIN));
    };
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(1000, open)
      .at(2000, () => {
        isIll = false;
      })
      .at(31 * MIN, () => {
        isIll = true;
        pipeline.raise(7);
      })
      .at(31 * MIN + 1000, open)
      .at(31 * MIN + 2000, () => {
        isIll = false;
      })
      .at(120 * MIN, () => {
        isIll = true;
        pipeline.raise(7);
      })
      .at(120 * MIN + 1000, open)
      .runTo(121 * MIN);
    expect(waits).toEqual([30, 45, 30]);
  });

  it('with acknowledge = none the alarm that met the open breaker was not answered: it is tried when half-open', () => {
    const pipeline = new Pipeline({ ...FLAPPING, acknowledges: () => false });
    for (let each = 0; each < 4; each += 1) {
      pipeline.at(each * MIN, () => pipeline.raise(7));
      if (each < 3) pipeline.at(each * MIN + 30_000, () => pipeline.lower(7));
    }
    pipeline.runTo(4 * MIN);
    expect(pipeline.types(7).at(-1)).toBe('flapping');
    pipeline.runTo(34 * MIN);
    expect(pipeline.restarts).toHaveLength(4);
    expect(pipeline.types(7).at(-1)).toBe('answered');
  });
});

function raiseEvery(ms: number, times: number, options: WorldOptions): Pipeline {
  const pipeline = new Pipeline(options);
  for (let each = 0; each < times; each += 1) pipeline.at(each * ms, () => pipeline.raise(7));
  return pipeline;
}
