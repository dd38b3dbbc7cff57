import { describe, expect, it } from 'vitest';
import { Pipeline } from '../../support/streams/pipeline.js';

const LAG_MS = 6000;

describe('R38: a raise that a relay tells', () => {
  it('restarts nothing if a reading has found it before, and a cycle has answered it', () => {
    // The lag is not measured yet, so the cycle does not wait for its own clear.
    const pipeline = new Pipeline({ eventAfterMs: () => LAG_MS, relayLagMs: () => 0 })
      .at(0, () => pipeline.raise(7))
      .at(10, () => pipeline.reconcileRequests.next('poll'));
    pipeline.runTo(60_000);
    expect(pipeline.restarts).toHaveLength(1);
    expect(pipeline.types(7)).toContain('told-late');
    expect(pipeline.table.row(7).alarma).toBe(0);
  });

  it('R37: is checked before a restart if its clear may be lost with the server before', () => {
    // A poll found it, its cycle cleared it, and the new primary has it raised still.
    const pipeline = new Pipeline({
      ...{ eventAfterMs: () => LAG_MS, relayLagMs: () => 0 },
      clearsInDoubt: [7],
    });
    pipeline.at(0, () => pipeline.raise(7)).runTo(60_000);
    expect(pipeline.types(7)).toContain('rechecked');
    expect(pipeline.restarts).toHaveLength(0);
    expect(pipeline.table.row(7).alarma).toBe(0);
  });

  it('is answered although the relay is late, once', () => {
    const pipeline = new Pipeline({ eventAfterMs: () => LAG_MS, relayLagMs: () => LAG_MS });
    pipeline.at(0, () => pipeline.raise(7)).runTo(60_000);
    expect(pipeline.restarts).toHaveLength(1);
    expect(pipeline.story(7)[0]).toMatch(/^600\d detected$/);
    expect(pipeline.table.row(7).alarma).toBe(0);
  });

  it('R3: is waited for if the primary does not show it yet', () => {
    const pipeline = new Pipeline({ visibleAfterMs: () => 50, relayLagMs: () => 0 });
    pipeline.at(0, () => pipeline.raise(7)).runTo(60_000);
    expect(pipeline.types(7)).toContain('verified');
    expect(pipeline.types(7)).not.toContain('told-late');
  });

  it('is found by a reading after 5 s if the primary shows it later than a look-up waits', () => {
    const pipeline = new Pipeline({ visibleAfterMs: () => 4000, relayLagMs: () => 0 });
    pipeline.at(0, () => pipeline.raise(7)).runTo(60_000);
    expect(pipeline.types(7).slice(0, 2)).toEqual(['told-late', 'detected']);
    expect(pipeline.events[1]?.at).toBeLessThan(10_000);
    expect(pipeline.restarts).toHaveLength(1);
    expect(pipeline.table.row(7).alarma).toBe(0);
  });

  it('is found by a reading after each one that was told late, not only after the first', () => {
    const pipeline = new Pipeline({
      visibleAfterMs: () => 4000,
      relayLagMs: () => 0,
      checkIntervalMs: 3_600_000,
    })
      .at(0, () => pipeline.raise(7))
      .at(60_000, () => pipeline.raise(8));
    pipeline.runTo(120_000);
    expect(pipeline.types(8).slice(0, 2)).toEqual(['told-late', 'detected']);
    expect(pipeline.restarts).toHaveLength(2);
  });

  it('counts as raised if the primary does not say otherwise within 3 s', () => {
    let canRead = true;
    const pipeline = new Pipeline({
      relayLagMs: () => 0,
      names: new Map([[7, 'p7']]),
      canRead: () => canRead,
    })
      .at(0, () => pipeline.raise(7))
      .at(3, () => {
        canRead = false;
      });
    pipeline.runTo(20_000);
    expect(pipeline.restarts).toHaveLength(1);
  });

  it('counts as told late if the primary is slow, and has not shown it in its last answer within 3 s', () => {
    const pipeline = new Pipeline({
      ...{ eventAfterMs: () => LAG_MS, relayLagMs: () => 0, readMs: () => 700 },
      names: new Map([[7, 'p7']]),
    })
      .at(0, () => pipeline.raise(7))
      .at(10, () => pipeline.reconcileRequests.next('poll'));
    pipeline.runTo(60_000);
    expect(pipeline.types(7)).toContain('told-late');
    expect(pipeline.restarts).toHaveLength(1);
  });

  it('is not asked for where nothing is acknowledged: any server will do then, and one may be behind the relay', () => {
    const pipeline = new Pipeline({
      ...{ visibleAfterMs: () => 4000, relayLagMs: () => 0, acknowledges: () => false },
      names: new Map([[7, 'p7']]),
    });
    pipeline.at(0, () => pipeline.raise(7)).runTo(3500);
    expect(pipeline.types(7)).not.toContain('told-late');
    expect(pipeline.restarts).toHaveLength(1);
  });

  const failing = (): Pipeline =>
    new Pipeline({
      ...{ eventAfterMs: () => LAG_MS, relayLagMs: () => 0, names: new Map([[7, 'p7']]) },
      restart: () => ({ takesMs: 10, error: new Error('no') }),
    });
  const failures = (pipeline: Pipeline): number =>
    pipeline.types(7).filter((type) => type === 'exhausted').length;

  it('R9, R10: of an alarm whose cycle has failed is that alarm, which waits for the next check', () => {
    const pipeline = failing();
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(10, () => pipeline.reconcileRequests.next('poll'))
      .runTo(60_000);
    expect(failures(pipeline)).toBe(1);
    pipeline.runTo(310_000);
    expect(failures(pipeline)).toBe(2);
  });

  it('R2: of an alarm whose cycle has failed is a new one if the stream has shown that it was lowered since', () => {
    const pipeline = failing();
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(10, () => pipeline.reconcileRequests.next('poll'))
      .at(20_000, () => pipeline.lower(7))
      .at(21_000, () => pipeline.raise(7))
      .runTo(60_000);
    expect(failures(pipeline)).toBe(2);
  });

  it('R2: of an alarm whose cycle has failed is a new one if its transaction has lowered it first', () => {
    const pipeline = failing();
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(10, () => pipeline.reconcileRequests.next('poll'))
      .at(30_000, () => pipeline.lowerAndRaise(7))
      .runTo(60_000);
    expect(failures(pipeline)).toBe(2);
    expect(pipeline.restarts.map(({ from }) => from)).toContain(30_000 + LAG_MS + 2);
  });

  it('R12: a clear waits for its echo as long as the relay is behind', () => {
    const pipeline = new Pipeline({ eventAfterMs: () => LAG_MS, relayLagMs: () => LAG_MS })
      .at(0, () => pipeline.raise(7))
      .at(10, () => pipeline.reconcileRequests.next('poll'));
    pipeline.runTo(60_000);
    // The raise comes while the cycle still waits for its clear: one health check decides.
    expect(pipeline.types(7)).toContain('rechecked');
    expect(pipeline.types(7)).not.toContain('told-late');
    expect(pipeline.restarts).toHaveLength(1);
  });

  it('is not asked for without a relay', () => {
    const pipeline = new Pipeline({ names: new Map([[7, 'p7']]) });
    pipeline.at(0, () => pipeline.raise(7)).runTo(1000);
    expect(pipeline.types(7)).toContain('verified');
    expect(pipeline.world.reads).toHaveLength(1);
  });
});

describe('R38: a lowering that a relay tells late', () => {
  /** Process 7 waits for its slot until some 8 s. A reading has found its alarm at 4.5 s. */
  const waiting = (): Pipeline => {
    const pipeline = new Pipeline({
      ...{ eventAfterMs: () => LAG_MS, relayLagMs: () => LAG_MS, maxParallel: 1 },
      restart: ({ systemName }) => ({ takesMs: systemName === 'p1' ? 3500 : 10 }),
    });
    return pipeline
      .at(0, () => pipeline.raise(7))
      .at(1000, () => pipeline.lower(7))
      .at(4490, () => pipeline.raise(7))
      .at(4500, () => pipeline.request(1))
      .at(4500, () => pipeline.reconcileRequests.next('poll'));
  };

  it('takes back no alarm that was raised after it', () => {
    const pipeline = waiting().runTo(60_000);
    expect(pipeline.types(7).slice(0, 3)).toEqual(['detected', 'attempt-started', 'restarted']);
    expect(pipeline.restarts.map(({ processId }) => processId)).toEqual([1, 7]);
    expect(pipeline.restarts.at(-1)?.from).toBeLessThan(9000);
    expect(pipeline.table.standing()).toEqual([]);
  });

  it('takes back the alarm that it concerns, as the primary shows', () => {
    const pipeline = waiting();
    pipeline.at(4600, () => pipeline.lower(7)).runTo(60_000);
    expect(pipeline.types(7).slice(0, 2)).toEqual(['detected', 'withdrawn']);
    expect(pipeline.restarts.map(({ processId }) => processId)).toEqual([1]);
  });

  it('R2: leaves no doubt that an alarm is new which is raised after that of a failed cycle was taken back', () => {
    const pipeline = new Pipeline({
      ...{ eventAfterMs: () => LAG_MS, relayLagMs: () => LAG_MS },
      settings: { maxAttempts: 1 },
      restart: () => ({ takesMs: 15_000, error: new Error('no') }),
    });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(10, () => pipeline.reconcileRequests.next('poll'))
      .at(4000, () => pipeline.lower(7))
      .at(30_000, () => pipeline.raise(7))
      .runTo(60_000);
    expect(pipeline.restarts.map(({ from }) => from > 30_000)).toEqual([false, true]);
  });
});
