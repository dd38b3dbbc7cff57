import { describe, expect, it } from 'vitest';
import { RestartError } from '../../../src/domain/cycle/restart-target.js';
import { Pipeline } from '../../support/streams/pipeline.js';

const BEFORE = ['detected', 'attempt-started', 'restarted', 'verified'];

describe('a cycle that somebody asks for', () => {
  it('restarts and verifies without an alarm, and clears nothing', () => {
    const pipeline = new Pipeline();
    pipeline.at(0, () => expect(pipeline.request(7)).toBe(true)).runTo(10_000);
    expect(pipeline.types(7)).toEqual([...BEFORE, 'cleared']);
    expect(pipeline.events.at(-1)).toMatchObject({ changed: false });
    expect(pipeline.events[0]).toMatchObject({ alarm: { trigger: 'manual', by: 'alice' } });
    expect(pipeline.table.commits).toEqual([]);
  });

  it('clears an alarm that stands', () => {
    const pipeline: Pipeline = new Pipeline({
      restart: () => until(1000, pipeline.now),
      settings: { maxAttempts: 1 },
    });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(1000, () => pipeline.request(7))
      .runTo(10_000);
    expect(pipeline.table.row(7)).toMatchObject({ alarma: 0, notes: expect.stringMatching(/^OK /) });
    expect(pipeline.restarts).toHaveLength(2);
  });

  it('R7: is not begun while a cycle of the process runs, and does not follow it', () => {
    const pipeline = new Pipeline({ restart: () => ({ takesMs: 1000 }) });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(500, () => expect(pipeline.request(7)).toBe(false))
      .at(500, () => expect(pipeline.request(8)).toBe(true))
      .runTo(10_000);
    expect(pipeline.types(7)).toEqual([...BEFORE, 'cleared']);
    expect(pipeline.restarts).toHaveLength(2);
  });

  it('R7: a raise that arrives during it gets its health check', () => {
    const pipeline = new Pipeline({ restart: () => ({ takesMs: 1000 }) });
    pipeline
      .at(0, () => pipeline.request(7))
      .at(500, () => pipeline.raise(7))
      .runTo(10_000);
    expect(pipeline.types(7)).toEqual([...BEFORE, 'detected', 'rechecked', 'cleared']);
    expect(pipeline.table.row(7)).toMatchObject({ alarma: 0 });
  });

  it('R8: waits for its slot, however long, whether an alarm stands or not', () => {
    const pipeline = new Pipeline({ maxParallel: 1, restart: () => ({ takesMs: 5000 }) });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(100, () => pipeline.request(8))
      .runTo(20_000);
    expect(pipeline.types(8)).toEqual([...BEFORE, 'cleared']);
    expect(pipeline.restarts.map(({ from }) => from)).toEqual([2, 5003]);
  });

  it('goes on where the alarm is taken back meanwhile: it was not asked for because of it', () => {
    const pipeline: Pipeline = new Pipeline({
      restart: () => until(2000, pipeline.now),
      settings: { maxAttempts: 5, restartDelayMs: 1000 },
    });
    pipeline
      .at(1, () => pipeline.request(8))
      .at(500, () => pipeline.raise(8))
      .at(600, () => pipeline.lower(8))
      .runTo(20_000);
    expect(pipeline.types(8)).toContain('verified');
    expect(pipeline.types(8)).not.toContain('withdrawn');
  });

  it('R9: counts as a failed cycle, and is not run while the breaker is open', () => {
    const pipeline: Pipeline = new Pipeline({
      restart: () => until(Number.POSITIVE_INFINITY, pipeline.now),
      settings: { maxAttempts: 1 },
      maxFailures: 2,
    });
    pipeline
      .at(0, () => pipeline.request(7))
      .at(1000, () => pipeline.request(7))
      .at(2000, () => expect(pipeline.request(7)).toBe(true))
      .runTo(10_000);
    expect(pipeline.types(7).filter((type) => type !== 'noted')).toEqual([
      ...['detected', 'attempt-started', 'attempt-failed', 'exhausted'],
      ...['detected', 'attempt-started', 'attempt-failed', 'exhausted', 'opened'],
      ...['detected', 'skipped-open'],
    ]);
    expect(pipeline.restarts).toHaveLength(2);
  });

  it('R9: is run again after a reset of the breaker', () => {
    const named = { processId: 7, systemName: 'p7' };
    const pipeline: Pipeline = new Pipeline({
      restart: () => until(1500, pipeline.now),
      settings: { maxAttempts: 1 },
      maxFailures: 1,
    });
    pipeline
      .at(0, () => pipeline.request(7))
      .at(1000, () => expect(pipeline.breakers.get(7).state).toBe('open'))
      .at(2000, () => expect(pipeline.breakers.reset(named)).toBe(true))
      .at(2000, () => expect(pipeline.breakers.reset(named)).toBe(false))
      .at(2000, () => pipeline.request(7))
      .runTo(10_000);
    expect(pipeline.restarts).toHaveLength(2);
    expect(pipeline.types(7).slice(-4)).toEqual(['attempt-started', 'restarted', 'verified', 'cleared']);
  });

  it('is not run while the process is paused', () => {
    const pipeline = new Pipeline();
    pipeline.pauses.add({ since: 0, by: 'bob' });
    pipeline.at(0, () => pipeline.request(7)).runTo(10_000);
    expect(pipeline.types(7)).toEqual(['paused']);
  });

  it('R11: restarts also what an earlier run of the service has verified', () => {
    const pipeline = new Pipeline({ verifiedBefore: [7] });
    pipeline.at(0, () => pipeline.request(7)).runTo(10_000);
    expect(pipeline.restarts).toHaveLength(1);
  });

  it('R14: an excluded process and a refused name are not restarted', () => {
    const pipeline = new Pipeline({ exclude: ['p7'] });
    pipeline.at(0, () => pipeline.request(7)).runTo(10_000);
    expect(pipeline.types(7)).toEqual(['excluded']);
    expect(pipeline.restarts).toEqual([]);
  });

  it('R22: nobody answers when the service is stopping', () => {
    const pipeline = new Pipeline();
    pipeline.at(0, () => pipeline.stop()).at(1, () => expect(pipeline.request(7)).toBeUndefined());
    pipeline.runTo(10_000);
    expect(pipeline.events).toEqual([]);
  });
});

/** What restarts do that fail until this time, ms. */
function until(ms: number, now: number): { takesMs: number; error?: Error } {
  return now < ms ? { takesMs: 10, error: new RestartError('no', true) } : { takesMs: 10 };
}
