import { describe, expect, it } from 'vitest';
import { RestartError } from '../../../src/domain/cycle/restart-target.js';
import { Pipeline } from '../../support/streams/pipeline.js';
import { HEALTHY, UNHEALTHY } from '../../support/streams/world-options.js';

describe('R2, R3: one cycle from the row change to the cleared row', () => {
  it('happens in this order, at these times', () => {
    const pipeline = new Pipeline();
    pipeline.at(100, () => pipeline.raise(7, 'disk full')).runTo(10_000);
    expect(pipeline.story(7)).toEqual([
      '102 detected',
      '102 attempt-started',
      '112 restarted',
      '113 verified',
      '115 cleared',
    ]);
    expect(pipeline.events[0]).toMatchObject({
      processName: 'p7',
      alarm: { trigger: 'binlog', raised: true, notes: 'disk full', seenAt: 101 },
    });
    expect(pipeline.events[3]).toMatchObject({ attempt: 1, detail: 'active', tookMs: 11 });
    expect(pipeline.table.row(7)).toMatchObject({
      alarma: 0,
      notes: expect.stringMatching(/^OK .* restarted by service, attempt 1$/),
    });
  });

  it('tells when the restart has really begun, once', () => {
    const pipeline = new Pipeline({ beginsAfterMs: 4 });
    pipeline.at(100, () => pipeline.raise(7)).runTo(10_000);
    expect(pipeline.story(7).slice(1, 4)).toEqual([
      '102 attempt-started',
      '106 restart-begun',
      '112 restarted',
    ]);
  });

  it('R3: acts on the row change alone, however late a SELECT sees the row', () => {
    const pipeline = new Pipeline({ visibleAfterMs: () => 60_000 });
    pipeline.at(100, () => pipeline.raise(7)).runTo(1000);
    expect(pipeline.types(7)).toContain('verified');
  });

  it('R3: restarts the process that the name means since the transaction of the raise, not the one before', () => {
    const names = new Map([[7, 'old']]);
    const pipeline = new Pipeline({ names });
    const raised = { kind: 'raised', processId: 7, notes: null } as const;
    pipeline
      .at(100, () => {
        pipeline.raiseUnlogged(7);
        pipeline.stream.next({ ...raised, nameDoubtedForMs: 100 });
      })
      .at(111, () => names.set(7, 'new'))
      .runTo(10_000);
    expect(pipeline.restarts.map(({ systemName }) => systemName)).toEqual(['new']);
    expect(pipeline.story(7)[0]).toBe('201 detected');
  });

  it('R2: a change of other columns, or of nothing, starts nothing', () => {
    const pipeline = new Pipeline();
    pipeline.at(0, () => pipeline.raise(7)).runTo(5000);
    pipeline.at(6000, () => pipeline.table.write(7, { notes: 'word of a tool' })).runTo(9000);
    expect(pipeline.restarts).toHaveLength(1);
    expect(pipeline.types(7)).toHaveLength(5);
  });

  it('R5: an alarm that no event told of is found at the next check_interval', () => {
    const pipeline = new Pipeline({ eventAfterMs: () => 10_000_000 });
    pipeline.at(100, () => pipeline.raise(7, 'disk full')).runTo(310_000);
    expect(pipeline.events[0]).toMatchObject({
      type: 'detected',
      at: 300_001,
      alarm: { trigger: 'poll', raised: false, notes: 'disk full' },
    });
    expect(pipeline.table.row(7).alarma).toBe(0);
  });

  it('R13: one process that never ends holds back no other', () => {
    const pipeline = new Pipeline({
      restart: ({ systemName }) => ({ takesMs: systemName === 'p1' ? 1e9 : 10 }),
    });
    pipeline
      .at(0, () => pipeline.raise(1))
      .at(0, () => pipeline.raise(2))
      .runTo(10_000);
    expect(pipeline.types(2)).toContain('cleared');
    expect(pipeline.types(1)).toEqual(['detected', 'attempt-started']);
  });
});

describe('R9: attempts', () => {
  it('a failed restart is tried again after restart_delay, up to max_attempts, then the row gets a note', () => {
    const pipeline = new Pipeline({
      settings: { maxAttempts: 3, restartDelayMs: 2000 },
      restart: () => ({ takesMs: 10, error: new RestartError('exit 5', true) }),
    });
    pipeline.at(0, () => pipeline.raise(7)).runTo(60_000);
    expect(pipeline.story(7)).toEqual([
      '2 detected',
      '2 attempt-started',
      '12 attempt-failed',
      // The row was read once more before each.
      '2013 attempt-started',
      '2023 attempt-failed',
      '4024 attempt-started',
      '4034 attempt-failed',
      '4034 exhausted',
      '4036 noted',
    ]);
    expect(pipeline.events.at(-2)).toMatchObject({ step: 'restart', reason: 'exit 5', attempts: 3 });
    expect(pipeline.table.row(7)).toMatchObject({
      alarma: 1,
      notes: expect.stringMatching(/^FAILED .* exit 5 \(restart, 3 attempts\)$/),
    });
  });

  it('R34: with restart_delay_max the pauses between the attempts grow', () => {
    const pipeline = new Pipeline({
      settings: { maxAttempts: 4, restartDelayMs: 2000, restartDelayMaxMs: 6000 },
      restart: () => ({ takesMs: 10, error: new RestartError('exit 5', true) }),
    });
    pipeline.at(0, () => pipeline.raise(7)).runTo(60_000);
    const began = pipeline.events.filter(({ type }) => type === 'attempt-started').map(({ at }) => at);
    const pauses = began.slice(1).map((at, index) => at - (began[index] ?? 0));
    expect(pauses.map((pause) => pause > 2000 && pause < 2020)).toEqual([true, false, false]);
    expect(pauses[1]).toBeLessThan(pauses[2] ?? 0);
    expect(pauses[2]).toBeLessThan(6020);
  });

  it('the second attempt may succeed', () => {
    let restarts = 0;
    const pipeline = new Pipeline({
      restart: () => {
        restarts += 1;
        return { takesMs: 10, ...(restarts === 1 ? { error: new Error('busy') } : {}) };
      },
    });
    pipeline.at(0, () => pipeline.raise(7)).runTo(60_000);
    expect(pipeline.events.at(-2)).toMatchObject({ type: 'verified', attempt: 2, tookMs: 11 });
    expect(pipeline.table.row(7).notes).toMatch(/attempt 2$/);
    expect(pipeline.breakers.get(7)).toMatchObject({ state: 'closed', failures: 0 });
  });

  it('R8: counts a restart of the same unit for another process since the alarm, then since its own last attempt', () => {
    const pipeline = new Pipeline({
      settings: { maxAttempts: 3, restartDelayMs: 1000 },
      restart: () => ({ takesMs: 10, error: new Error('busy') }),
    });
    pipeline.at(500, () => pipeline.raise(7)).runTo(60_000);
    const began = pipeline.events.filter(({ type }) => type === 'attempt-started').map(({ at }) => at);
    const [seenAt] = pipeline.events.flatMap((event) =>
      event.type === 'detected' ? [event.alarm.seenAt] : [],
    );
    expect(pipeline.world.restartsSince).toEqual([seenAt, ...began.slice(0, 2)]);
  });

  it('a terminal error ends the attempts at once', () => {
    const pipeline = new Pipeline({
      settings: { maxAttempts: 5 },
      restart: () => ({ takesMs: 10, error: new RestartError('no such unit', false, { remedy: 'name it' }) }),
    });
    pipeline.at(0, () => pipeline.raise(7)).runTo(60_000);
    expect(pipeline.types(7)).toEqual([
      'detected',
      'attempt-started',
      'attempt-failed',
      'exhausted',
      'noted',
    ]);
    expect(pipeline.events.at(-2)).toMatchObject({ reason: 'no such unit; name it', attempts: 1 });
    expect(pipeline.table.row(7).notes).toMatch(/no such unit; name it \(restart, 1 attempt\)$/);
  });

  it('an error that is no MonitorError, or is thrown at once, counts as an attempt', () => {
    const pipeline = new Pipeline({
      restart: () => {
        throw new TypeError('odd');
      },
    });
    pipeline.at(0, () => pipeline.raise(7)).runTo(60_000);
    expect(pipeline.types(7).filter((type) => type === 'attempt-failed')).toHaveLength(2);
    expect(pipeline.types(7)).toContain('exhausted');
  });

  it('a failed pre-restart command: nothing is restarted, and the row says why', () => {
    const pipeline = new Pipeline({
      preRestart: () => ({ takesMs: 30, error: new RestartError('exit 2', true) }),
    });
    pipeline.at(0, () => pipeline.raise(7)).runTo(60_000);
    expect(pipeline.restarts).toEqual([]);
    expect(pipeline.story(7)).toEqual(['2 detected', '32 exhausted', '34 noted']);
    expect(pipeline.table.row(7).notes).toMatch(/^FAILED \S+ \S+ exit 2$/);
  });

  it('the pre-restart command runs once, before the first attempt', () => {
    const calls: string[] = [];
    const pipeline = new Pipeline({
      preRestart: () => {
        calls.push('pre');
        return { takesMs: 30 };
      },
      restart: () => {
        calls.push('restart');
        return { takesMs: 10, error: new Error('no') };
      },
    });
    pipeline.at(0, () => pipeline.raise(7)).runTo(60_000);
    expect(calls).toEqual(['pre', 'restart', 'restart']);
  });
});

describe('R21: verification', () => {
  it('is checked at once, then every second until it is healthy', () => {
    const pipeline = new Pipeline({
      health: () => ({ takesMs: 1, verdict: pipeline.now < 3000 ? UNHEALTHY : HEALTHY }),
    });
    pipeline.at(0, () => pipeline.raise(7)).runTo(10_000);
    expect(pipeline.checks.map(({ at }) => at)).toEqual([13, 1013, 2013, 3013]);
    expect(pipeline.events).toContainEqual(
      expect.objectContaining({ type: 'verified', at: 3013, attempt: 1 }),
    );
  });

  it('a process that is not healthy until the deadline failed its attempt', () => {
    const pipeline = new Pipeline({ health: () => ({ takesMs: 1, verdict: UNHEALTHY }) });
    pipeline.at(0, () => pipeline.raise(7)).runTo(60_000);
    expect(pipeline.story(7)).toEqual([
      '2 detected',
      '2 attempt-started',
      '12 restarted',
      '5012 attempt-failed',
      '7013 attempt-started',
      '7023 restarted',
      '12023 attempt-failed',
      '12023 exhausted',
      '12025 noted',
    ]);
    expect(pipeline.events.at(-2)).toMatchObject({ step: 'verify', reason: 'exit 1', attempts: 2 });
  });
});

describe('R10: after a failed cycle', () => {
  it('the alarm stays raised and is tried again at the next check_interval, not before', () => {
    const pipeline = failing();
    pipeline.at(0, () => pipeline.raise(7));
    // Whatever makes us read the table meanwhile.
    pipeline.at(10_000, () => pipeline.stream.next({ kind: 'hidden', namesTable: true }));
    pipeline.at(20_000, () => pipeline.loseStream());
    pipeline.at(50_000, () => pipeline.regainStream());
    pipeline.at(60_000, () => pipeline.reconcileRequests.next('manual'));
    pipeline.runTo(299_999);
    expect(pipeline.reads.length).toBeGreaterThan(10);
    expect(pipeline.restarts).toHaveLength(1);
    pipeline.runTo(300_100);
    expect(pipeline.restarts).toHaveLength(2);
    expect(pipeline.table.row(7).alarma).toBe(1);
  });

  it('a SELECT that was too early to see the alarm does not release it', () => {
    const pipeline = new Pipeline({
      restart: () => ({ takesMs: 0, error: new RestartError('no', false) }),
      visibleAfterMs: () => 11,
      // The SELECT begins at 90, looks at 100, before the row is visible, and answers at 110, after the failure.
      readMs: () => (pipeline.now === 90 ? 20 : 1),
    });
    pipeline.at(90, () => pipeline.reconcileRequests.next('manual'));
    pipeline.at(91, () => pipeline.raise(7));
    pipeline.at(200, () => pipeline.reconcileRequests.next('manual')).runTo(10_000);
    expect(pipeline.restarts).toHaveLength(1);
  });

  it('a new raise is answered at once', () => {
    const pipeline = failing();
    pipeline.at(0, () => pipeline.raise(7));
    pipeline.at(10_000, () => pipeline.lower(7));
    pipeline.at(20_000, () => pipeline.raise(7)).runTo(21_000);
    expect(pipeline.restarts.map(({ from }) => from)).toEqual([2, 20_002]);
  });

  function failing(): Pipeline {
    return new Pipeline({
      settings: { maxAttempts: 1 },
      restart: () => ({ takesMs: 10, error: new Error('no') }),
    });
  }
});

describe('R22: at shutdown', () => {
  it('a running cycle ends properly, nothing new begins, then the events complete', () => {
    const pipeline = new Pipeline({ maxParallel: 1, restart: () => ({ takesMs: 5000 }) });
    pipeline.at(0, () => pipeline.raise(1)).at(1, () => pipeline.raise(2));
    pipeline.at(1000, () => pipeline.stop());
    pipeline.at(1100, () => pipeline.raise(3)).runTo(4000);
    expect(pipeline.completed).toBe(false);
    pipeline.runTo(10_000);
    expect(pipeline.completed).toBe(true);
    expect(pipeline.types(1).at(-1)).toBe('cleared');
    expect(pipeline.types(2)).toEqual(['detected']);
    expect(pipeline.types(3)).toEqual([]);
    expect(pipeline.table.standing()).toEqual([2, 3]);
    expect(pipeline.breakers.get(2)).toMatchObject({ state: 'closed', failures: 0 });
  });

  it('a trial that is left gives the trial back', () => {
    const pipeline = new Pipeline({
      settings: { maxAttempts: 1 },
      maxFailures: 1,
      resetTimeMs: 60_000,
      restart: () => ({ takesMs: 1000, error: new Error('no') }),
    });
    pipeline.at(0, () => pipeline.raise(7)).runTo(61_500);
    expect(pipeline.breakers.get(7)).toMatchObject({ state: 'half-open', onTrial: true });
    pipeline.leave();
    expect(pipeline.breakers.get(7)).toMatchObject({ state: 'half-open', onTrial: false });
  });
});
