import { describe, expect, it } from 'vitest';
import type { HealthVerdict } from '../../../src/domain/cycle/restart-target.js';
import { Pipeline } from '../../support/streams/pipeline.js';
import { HEALTHY, UNHEALTHY, type WorldOptions } from '../../support/streams/world-options.js';

/** Cycles in slow motion: seen at 2, restart 2–1002, check –1102, clear 1102–1122, its row change at 1113. */
function slow(options: WorldOptions = {}): Pipeline {
  return new Pipeline({
    restart: () => ({ takesMs: 1000 }),
    health: () => ({ takesMs: 100, verdict: HEALTHY }),
    write: () => ({ takesMs: 20 }),
    ...options,
  });
}

function raiseAgain(pipeline: Pipeline, at: number, notes = 'again'): Pipeline {
  return pipeline
    .at(0, () => pipeline.raise(7))
    .at(at - 2, () => pipeline.lower(7))
    .at(at, () => pipeline.raise(7, notes));
}

describe('R7: a raise during the cycle', () => {
  it.each([
    ['while the restart runs', 500],
    ['while the health check runs', 1050],
  ])('%s: is kept, one health check decides, healthy: cleared without a restart', (_, at) => {
    const pipeline = raiseAgain(slow(), at);
    pipeline.runTo(20_000);
    expect(pipeline.types(7)).toEqual([
      'detected',
      'attempt-started',
      'restarted',
      'verified',
      'detected',
      'rechecked',
      'cleared',
    ]);
    expect(pipeline.restarts).toHaveLength(1);
    expect(pipeline.checks).toHaveLength(2);
    expect(pipeline.events[4]).toMatchObject({ alarm: { notes: 'again', raised: true } });
    expect(pipeline.table.row(7)).toMatchObject({
      alarma: 0,
      notes: expect.stringMatching(/no restart needed$/),
    });
  });

  it.each([
    ['while the restart runs', 500],
    ['while the health check runs', 1050],
    ['while the clear is written', 1106],
  ])('%s: not healthy: a new cycle', (_, at) => {
    let checks = 0;
    const pipeline = raiseAgain(
      slow({
        health: () => {
          checks += 1;
          return { takesMs: 100, verdict: checks === 2 ? UNHEALTHY : HEALTHY };
        },
      }),
      at,
    );
    pipeline.runTo(20_000);
    expect(
      pipeline
        .types(7)
        .slice(-7)
        .filter((type) => type !== 'cleared'),
    ).toContain('rechecked');
    expect(pipeline.restarts).toHaveLength(2);
    expect(pipeline.restarts[1]?.from).toBeGreaterThan(1100);
    expect(pipeline.table.row(7).alarma).toBe(0);
  });

  it('the latest wins: many raises get one health check', () => {
    const pipeline = slow();
    pipeline.at(0, () => pipeline.raise(7));
    for (const at of [100, 200, 300]) {
      pipeline.at(at, () => pipeline.lower(7)).at(at + 10, () => pipeline.raise(7, `at ${at}`));
    }
    pipeline.runTo(20_000);
    expect(pipeline.restarts).toHaveLength(1);
    expect(pipeline.checks).toHaveLength(2);
    expect(pipeline.events[4]).toMatchObject({ type: 'detected', alarm: { notes: 'at 300' } });
  });

  it('gets no second health check for the readings that follow an event before the first one', () => {
    const pipeline = raiseAgain(slow(), 500);
    // Read for at 1090, 1110 and 1190; the health check of the follow-up runs from 1102 to 1202.
    pipeline.at(1090, () => pipeline.stream.next({ kind: 'hidden', namesTable: true }));
    pipeline.runTo(20_000);
    expect(pipeline.restarts).toHaveLength(1);
    expect(pipeline.checks).toHaveLength(2);
    expect(pipeline.table.row(7).alarma).toBe(0);
  });

  it('a raise that was taken back again needs no follow-up', () => {
    const pipeline = raiseAgain(slow(), 500);
    pipeline.at(600, () => pipeline.lower(7)).runTo(20_000);
    expect(pipeline.checks).toHaveLength(1);
    expect(pipeline.events.at(-1)).toMatchObject({ type: 'cleared', changed: false });
  });

  it('after a failed cycle it is answered at once', () => {
    let checks = 0;
    const pipeline = raiseAgain(
      slow({
        settings: { maxAttempts: 1, healthCheckTimeoutMs: 50 },
        health: () => {
          checks += 1;
          return { takesMs: 10, verdict: checks === 1 ? UNHEALTHY : HEALTHY };
        },
      }),
      500,
    );
    pipeline.runTo(20_000);
    expect(pipeline.types(7)).toEqual([
      'detected',
      'attempt-started',
      'restarted',
      'attempt-failed',
      'exhausted',
      'noted',
      'detected',
      'rechecked',
      'cleared',
    ]);
  });

  it('R27: a health check that errors tells nothing, and restarts nothing', () => {
    let checks = 0;
    const pipeline = raiseAgain(
      slow({
        health: () => {
          checks += 1;
          if (checks === 2) throw new Error('odd');
          return { takesMs: 10, verdict: HEALTHY };
        },
      }),
      500,
    );
    pipeline.runTo(20_000);
    expect(pipeline.events).toContainEqual(
      expect.objectContaining({ type: 'rechecked', healthy: false, detail: 'odd' }),
    );
    expect(pipeline.restarts).toHaveLength(1);
    expect(pipeline.table.row(7)).toMatchObject({ alarma: 1 });
  });
});

describe('R12: a raise that our own clear overwrote', () => {
  it('is known by its place before the clear, and gets its health check', () => {
    const pipeline = raiseAgain(slow(), 1108);
    pipeline.runTo(20_000);
    expect(pipeline.table.commits.filter(({ isOurs }) => isOurs)).toHaveLength(1);
    expect(pipeline.types(7).slice(3)).toEqual(['verified', 'cleared', 'detected', 'rechecked', 'cleared']);
    expect(pipeline.restarts).toHaveLength(1);
  });

  it('is waited for where its event is later than the answer to the clear', () => {
    const pipeline = raiseAgain(slow({ eventAfterMs: () => 1500 }), 1505 + 1104);
    pipeline.runTo(60_000);
    expect(pipeline.restarts).toHaveLength(1);
    expect(pipeline.types(7)).toContain('rechecked');
  });

  it('and whose follow-up fails stands again in the table', () => {
    const pipeline = raiseAgain(
      slow({
        settings: { maxAttempts: 1, healthCheckTimeoutMs: 150 },
        health: () => ({ takesMs: 100, verdict: pipeline.now < 1100 ? HEALTHY : UNHEALTHY }),
      }),
      1108,
    );
    pipeline.runTo(5000);
    expect(pipeline.writes.map(({ write }) => write)).toEqual(['clear', 'raise', 'raise', 'note']);
    expect(pipeline.table.row(7)).toMatchObject({ alarma: 1, notes: expect.stringMatching(/^FAILED/) });
    // Its own row change has come back, and starts nothing.
    expect(pipeline.restarts).toHaveLength(2);
    pipeline.runTo(310_000);
    expect(pipeline.restarts).toHaveLength(3);
  });

  it('and that meets an open breaker stands again in the table', () => {
    let checks = 0;
    const pipeline = new Pipeline({
      settings: { maxAttempts: 1, healthCheckTimeoutMs: 150 },
      maxFailures: 1,
      restart: () => ({ takesMs: 10 }),
      health: () => {
        checks += 1;
        return { takesMs: 100, verdict: checks <= 1 ? HEALTHY : UNHEALTHY };
      },
      write: () => ({ takesMs: 20 }),
    });
    pipeline.at(0, () => pipeline.raise(7));
    // Seen at 2, verified at 112, written at 122.
    pipeline.at(116, () => pipeline.lower(7)).at(118, () => pipeline.raise(7));
    // The follow-up: not healthy at 233, failed and opened at 393; a raise meanwhile is the next follow-up.
    pipeline
      .at(300, () => pipeline.lower(7))
      .at(302, () => pipeline.raise(7))
      .runTo(20_000);
    expect(pipeline.types(7).filter((type) => ['opened', 'skipped-open'].includes(type))).toEqual([
      'opened',
      'skipped-open',
    ]);
    expect(pipeline.table.row(7)).toMatchObject({ alarma: 1, notes: expect.stringMatching(/^OPEN/) });
  });

  it('and that somebody takes back during the follow-up is not raised again', () => {
    const pipeline = raiseAgain(
      slow({
        settings: { maxAttempts: 1, healthCheckTimeoutMs: 150 },
        health: () => ({ takesMs: 100, verdict: pipeline.now < 1100 ? HEALTHY : UNHEALTHY }),
      }),
      1108,
    );
    pipeline
      .at(1500, () => pipeline.raise(7))
      .at(1510, () => pipeline.lower(7))
      .runTo(20_000);
    expect(pipeline.table.row(7).alarma).toBe(0);
    expect(pipeline.writes.filter(({ write, at }) => write === 'raise' && at > 1510)).toEqual([]);
  });

  it('R2: a raise after the clear that leaves our note standing is a raise', () => {
    const pipeline = slow();
    // Between the row change of the clear, at 1113, and its answer, at 1122.
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(1115, () => pipeline.raise(7))
      .runTo(20_000);
    expect(pipeline.types(7).slice(3)).toEqual(['verified', 'cleared', 'detected', 'rechecked', 'cleared']);
    expect(pipeline.table.row(7).alarma).toBe(0);
  });

  it('R2: a raise over the note of a raise of our own is a raise', () => {
    const pipeline = raiseAgain(
      slow({
        settings: { maxAttempts: 1, healthCheckTimeoutMs: 150 },
        health: () => ({ takesMs: 100, verdict: pipeline.now < 1100 ? HEALTHY : UNHEALTHY }),
      }),
      1108,
    );
    pipeline
      .at(10_000, () => pipeline.lower(7))
      .at(20_000, () => pipeline.raise(7))
      .runTo(21_500);
    expect(pipeline.table.row(7).notes).toMatch(/^FAILED/);
    expect(pipeline.restarts.at(-1)?.from).toBe(20_002);
  });

  it('R2: a raise over the note of a raise of our own that changed nothing is a raise', () => {
    // Raised again before the clear: the row still stands when the follow-up fails and would raise it.
    let checks = 0;
    const pipeline = raiseAgain(
      slow({
        settings: { maxAttempts: 1, healthCheckTimeoutMs: 150 },
        health: () => {
          checks += 1;
          return { takesMs: 100, verdict: checks === 1 ? HEALTHY : UNHEALTHY };
        },
      }),
      500,
    );
    pipeline
      .at(10_000, () => pipeline.lower(7))
      .at(20_000, () => pipeline.raise(7))
      .runTo(21_500);
    expect(pipeline.writes.slice(0, 2).map(({ write }) => write)).toEqual(['raise', 'note']);
    expect(pipeline.restarts.at(-1)?.from).toBe(20_002);
  });
});

describe('R12: a raise that our own clear overwrote, and that the binlog did not show', () => {
  const raiseBetween = (pipeline: Pipeline, at: number): void => {
    pipeline.at(at - 2, () => pipeline.lower(7)).at(at, () => pipeline.raise(7));
  };
  let checks = 0;
  let reads = 0;
  /** The first reading is that of the cycle; later ones see the table only after the clear. */
  const lateReads = (): number => {
    reads += 1;
    return reads === 1 ? 1 : 500;
  };
  /** Healthy after the first restart, ill when it is looked at again. */
  const illAtSecondCheck: WorldOptions = {
    health: () => {
      checks += 1;
      return { takesMs: 100, verdict: checks === 2 ? UNHEALTHY : HEALTHY };
    },
  };
  const doubtful: [string, WorldOptions, (pipeline: Pipeline) => void][] = [
    [
      'in STATEMENT format',
      { format: 'statement', readMs: lateReads },
      (pipeline) => raiseBetween(pipeline, 1108),
    ],
    [
      'with MINIMAL images',
      { format: 'minimal', readMs: lateReads },
      (pipeline) => raiseBetween(pipeline, 1108),
    ],
    [
      'while the stream is down and the clear waits for a lock',
      { write: () => ({ takesMs: 400 }) },
      (pipeline) => {
        pipeline.at(50, () => pipeline.loseStream());
        raiseBetween(pipeline, 1200);
      },
    ],
    [
      'between two connections of the stream',
      { write: () => ({ takesMs: 400 }), readMs: lateReads },
      (pipeline) => {
        pipeline.at(1110, () => pipeline.loseStream()).at(1250, () => pipeline.regainStream());
        raiseBetween(pipeline, 1200);
      },
    ],
    [
      'between a clear whose answer was lost and the next try',
      { write: () => ({ takesMs: 20, ...lostOnce() }) },
      (pipeline) => {
        pipeline.at(50, () => pipeline.loseStream());
        raiseBetween(pipeline, 1150);
      },
    ],
  ];
  let writes = 0;
  const lostOnce = () => {
    writes += 1;
    return writes === 1 ? { error: new Error('lost'), lost: true } : {};
  };

  it.each(doubtful)('%s: gets one more health check, is raised again and restarted', (_, options, happen) => {
    checks = 0;
    reads = 0;
    writes = 0;
    const pipeline = slow({ ...options, ...illAtSecondCheck });
    pipeline.at(0, () => pipeline.raise(7));
    happen(pipeline);
    pipeline.runTo(4500);
    expect(pipeline.restarts).toHaveLength(2);
    const [clear, raise] = pipeline.table.commits.filter(({ isOurs }) => isOurs).slice(writes > 0 ? 1 : 0);
    expect(clear).toMatchObject({ after: { alarma: 0 } });
    expect(raise).toMatchObject({ after: { alarma: 1, notes: expect.stringMatching(/^FAILED/) } });
    // It stands before anything is restarted: a crash loses it no more.
    expect(raise?.at).toBeLessThan(pipeline.restarts[1]?.from ?? 0);
    expect(pipeline.table.row(7)).toMatchObject({ alarma: 0, notes: expect.stringMatching(/^OK/) });
  });

  it.each(doubtful)('%s: healthy: nothing more happens', (_, options, happen) => {
    reads = 0;
    writes = 0;
    const pipeline = slow(options);
    pipeline.at(0, () => pipeline.raise(7));
    happen(pipeline);
    pipeline.runTo(20_000);
    expect(pipeline.restarts).toHaveLength(1);
    expect(pipeline.checks.length).toBeLessThanOrEqual(3);
    expect(pipeline.table.row(7)).toMatchObject({ alarma: 0, notes: expect.stringMatching(/^OK/) });
  });

  it('a second clear is not mistaken for the first one, which comes back late', () => {
    checks = 0;
    writes = 0;
    const pipeline = slow({
      ...illAtSecondCheck,
      eventAfterMs: () => 60,
      write: () => ({ takesMs: 2, ...lostOnce() }),
    });
    // Cleared at 1161 without an answer, raised over that note at 1200, cleared again at about 1238.
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(1200, () => pipeline.raise(7))
      .runTo(20_000);
    const notes = pipeline.table.commits.filter(({ isOurs, after }) => isOurs && after.alarma === 0);
    expect(notes.map(({ after }) => after.notes?.replace(/.*restarted by service, /, ''))).toEqual([
      'attempt 1',
      'attempt 1, written at try 2',
      'attempt 1',
    ]);
    expect(pipeline.types(7)).not.toContain('withdrawn');
    expect(pipeline.restarts).toHaveLength(2);
  });

  it('the restart does not wait for a database that is away when the alarm should be raised again', () => {
    checks = 0;
    const pipeline = slow({
      ...illAtSecondCheck,
      format: 'statement',
      write: (write) => ({ takesMs: 20, ...(write === 'raise' ? { error: new Error('away') } : {}) }),
    });
    pipeline.at(0, () => pipeline.raise(7));
    raiseBetween(pipeline, 1108);
    pipeline.runTo(20_000);
    expect(pipeline.writes.filter(({ write }) => write === 'raise')).toHaveLength(1);
    expect(pipeline.restarts).toHaveLength(2);
  });

  describe('a row change that a new stream tells when a poll has answered its alarm', () => {
    /** The stream comes up at 5050, just after the alarm was cleared. */
    const answeredBefore = (verdict: HealthVerdict = HEALTHY) => {
      const pipeline: Pipeline = new Pipeline({
        health: () => ({ takesMs: 5, verdict: pipeline.now < 5050 ? HEALTHY : verdict }),
      });
      pipeline.loseStream();
      pipeline.at(4990, () => pipeline.raise(7)).at(5050, () => pipeline.regainStream());
      return pipeline;
    };
    const tellRaise = (pipeline: Pipeline): void =>
      pipeline.stream.next({ kind: 'raised', processId: 7, notes: null });
    const tellClear = (pipeline: Pipeline): void => {
      const [clear] = pipeline.table.commits.filter(({ isOurs }) => isOurs);
      pipeline.stream.next({
        kind: 'lowered',
        lowering: { processId: 7, notes: clear?.after.notes ?? null },
      });
    };

    it('with our clear after it: gets a check, and no second restart', () => {
      const pipeline = answeredBefore();
      pipeline
        .at(5051, () => tellRaise(pipeline))
        .at(5053, () => tellClear(pipeline))
        .runTo(20_000);
      expect(pipeline.restarts).toHaveLength(1);
      expect(pipeline.checks.at(-1)).toMatchObject({ healthy: true });
      expect(pipeline.checks.at(-1)?.at).toBeGreaterThan(5050);
      expect(pipeline.table.standing()).toEqual([]);
    });

    it('with our clear after it, and not healthy: is raised again and restarted', () => {
      const pipeline = answeredBefore(UNHEALTHY);
      pipeline
        .at(5051, () => tellRaise(pipeline))
        .at(5053, () => tellClear(pipeline))
        .runTo(6000);
      expect(pipeline.writes.map(({ write }) => write)).toContain('raise');
      expect(pipeline.restarts.length).toBeGreaterThan(1);
    });

    it.each([5051, 5500, 14_000])('without our clear: is a new alarm, and is restarted (%i ms)', (at) => {
      const pipeline = answeredBefore();
      pipeline.at(at, () => pipeline.raise(7, 'again')).runTo(20_000);
      expect(pipeline.restarts).toHaveLength(2);
      expect(pipeline.checks.filter((check) => check.at > at)).toHaveLength(1);
      expect(pipeline.table.standing()).toEqual([]);
    });

    it('long after it: is restarted at once', () => {
      const pipeline = answeredBefore();
      pipeline.at(16_000, () => pipeline.raise(7, 'again')).runTo(30_000);
      expect(pipeline.restarts.map(({ from }) => from)[1]).toBeLessThan(16_010);
    });
  });

  it.each([500, 1050, 1090, 1110])(
    'a hidden change doubts the clears of the processes that it concerns, and no others (%i ms)',
    (at) => {
      const pipeline = slow({ maxParallel: 4 });
      pipeline
        .at(0, () => pipeline.raise(7))
        .at(0, () => pipeline.raise(8))
        // As a DELETE in PROCESE does.
        .at(at, () => pipeline.stream.next({ kind: 'hidden', namesTable: true, concerns: [5, 8] }))
        .runTo(20_000);
      expect(pipeline.checks.map(({ systemName }) => systemName).sort()).toEqual(['p7', 'p8', 'p8']);
      expect(pipeline.restarts).toHaveLength(2);
      expect(pipeline.table.standing()).toEqual([]);
    },
  );

  it('MINIMAL: a raise of one process doubts the clear of no other', () => {
    const pipeline = slow({ format: 'minimal' });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(500, () => pipeline.raise(8))
      .runTo(20_000);
    expect(pipeline.checks.map(({ systemName }) => systemName)).toEqual(['p7', 'p8']);
    expect(pipeline.table.standing()).toEqual([]);
  });

  it.each(['row', 'minimal', 'statement'] as const)('%s: a clear in peace is not doubted', (format) => {
    const pipeline = slow({ format });
    pipeline.at(0, () => pipeline.raise(7)).runTo(20_000);
    expect(pipeline.checks.length).toBe(1);
  });
});

describe('R4, R7: where only reconciles tell of alarms', () => {
  it('a possible raise gets its health check before the clear', () => {
    const pipeline = slow({ format: 'statement' });
    pipeline.at(0, () => pipeline.raise(7));
    pipeline
      .at(500, () => pipeline.lower(7))
      .at(600, () => pipeline.raise(7))
      .runTo(20_000);
    expect(pipeline.types(7)).toEqual([
      'detected',
      'attempt-started',
      'restarted',
      'verified',
      'rechecked',
      'cleared',
    ]);
    expect(pipeline.restarts).toHaveLength(1);
    // The note tells of the restart, not of the precaution.
    expect(pipeline.table.row(7).notes).toMatch(/^OK \S+ \S+ restarted by /);
  });

  it('one during the health check of a follow-up gets a health check of its own', () => {
    const pipeline = slow({ format: 'statement' });
    pipeline.at(0, () => pipeline.raise(7));
    pipeline.at(500, () => pipeline.lower(7)).at(600, () => pipeline.raise(7));
    pipeline
      .at(1130, () => pipeline.lower(7))
      .at(1140, () => pipeline.raise(7))
      .runTo(20_000);
    expect(pipeline.types(7).slice(3)).toEqual(['verified', 'rechecked', 'cleared', 'rechecked', 'cleared']);
    expect(pipeline.table.row(7).alarma).toBe(0);
  });

  it('a statement of ours that comes back starts nothing', () => {
    const pipeline = slow({ format: 'statement' });
    pipeline.at(0, () => pipeline.raise(7)).runTo(20_000);
    expect(pipeline.events.map(({ type }) => type).filter((type) => type === 'cleared')).toHaveLength(1);
    // One reading for the raise and its three repetitions.
    expect(pipeline.reads.filter((at) => at > 10)).toHaveLength(3);
  });

  it('MINIMAL images: the whole way works', () => {
    const pipeline = slow({ format: 'minimal' });
    pipeline.at(0, () => pipeline.raise(7, 'disk full'));
    pipeline
      .at(500, () => pipeline.lower(7))
      .at(600, () => pipeline.raise(7, 'again'))
      .runTo(20_000);
    expect(pipeline.restarts).toHaveLength(1);
    expect(pipeline.types(7)).toContain('rechecked');
    expect(pipeline.table.row(7).alarma).toBe(0);
  });

  it('a poll during a cycle never restarts what is healthy, and the alarm is cleared', () => {
    const pipeline = slow({ restart: () => ({ takesMs: 12_000 }) });
    pipeline
      .at(0, () => pipeline.loseStream())
      .at(100, () => pipeline.raise(7))
      .runTo(60_000);
    expect(pipeline.restarts).toHaveLength(1);
    expect(pipeline.types(7)).toContain('rechecked');
    expect(pipeline.table.row(7).alarma).toBe(0);
  });

  it('polls that come faster than a health check answers do not keep the alarm from being cleared', () => {
    const pipeline = slow({
      fallbackIntervalMs: 1000,
      health: () => ({ takesMs: 2500, verdict: HEALTHY }),
    });
    pipeline
      .at(0, () => pipeline.loseStream())
      .at(100, () => pipeline.raise(7))
      .runTo(60_000);
    expect(pipeline.restarts).toHaveLength(1);
    expect(pipeline.table.row(7).alarma).toBe(0);
    expect(pipeline.slots.held).toBe(0);
  });
});

describe('R12: one more health check follows a clear that may have overwritten a raise which nobody shows us', () => {
  const ILL_AT_MS = 1104;
  /** Verified at about 1100, ill after that, cleared at about 1110. */
  const fallIll = (options: WorldOptions = {}): Pipeline => {
    const pipeline: Pipeline = slow({
      health: () => ({ takesMs: 100, verdict: pipeline.now < ILL_AT_MS ? HEALTHY : UNHEALTHY }),
      settings: { maxAttempts: 1, healthCheckTimeoutMs: 150 },
      ...options,
    });
    return pipeline;
  };
  const expectRaisedAgain = (pipeline: Pipeline): void => {
    pipeline.runTo(20_000);
    expect(pipeline.types(7)).toContain('exhausted');
    expect(pipeline.table.row(7).alarma).toBe(1);
  };

  it('the stream was down', () => {
    const pipeline = fallIll({ fallbackIntervalMs: 1000 });
    pipeline.at(0, () => pipeline.loseStream()).at(1, () => pipeline.raise(7));
    // After the poll that found it, the check and the next poll.
    pipeline.at(2106, () => pipeline.lower(7)).at(2107, () => pipeline.raise(7));
    expectRaisedAgain(pipeline);
  });

  it('the stream came up during the cycle', () => {
    const pipeline = fallIll({ fallbackIntervalMs: 50 });
    pipeline.at(0, () => pipeline.loseStream()).at(1, () => pipeline.raise(7));
    pipeline.at(500, () => pipeline.regainStream());
    pipeline.runTo(20_000);
    expect(pipeline.types(7)).toContain('exhausted');
  });

  it('the clear does not come back, as over a dead connection', () => {
    const pipeline = fallIll({ eventAfterMs: () => (pipeline.now < 1000 ? 1 : 1e9) });
    pipeline.at(0, () => pipeline.raise(7));
    pipeline.at(ILL_AT_MS, () => pipeline.lower(7)).at(ILL_AT_MS + 1, () => pipeline.raise(7));
    expectRaisedAgain(pipeline);
  });

  it('it found an alarm that somebody else had cleared before', () => {
    const pipeline = fallIll();
    pipeline.at(0, () => pipeline.raise(7)).at(500, () => pipeline.lower(7));
    pipeline.at(ILL_AT_MS, () => pipeline.raiseUnlogged(7));
    expectRaisedAgain(pipeline);
  });

  it('in an unbroken stream there is no such raise, and no further check', () => {
    const pipeline = slow();
    pipeline.at(0, () => pipeline.raise(7)).runTo(20_000);
    expect(pipeline.types(7).slice(-2)).toEqual(['verified', 'cleared']);
    expect(pipeline.checks).toHaveLength(1);
  });
});

describe('R12: a raise that is told after a reading has found it, and before the clear that has answered it', () => {
  it('is checked, and that is told of its cycle as well', () => {
    const pipeline = new Pipeline({ eventAfterMs: () => 3000 });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(10, () => pipeline.reconcileRequests.next('reconnect'))
      .runTo(2900);
    const before = pipeline.begins.length;
    pipeline.runTo(20_000);
    expect(pipeline.restarts).toHaveLength(1);
    expect(pipeline.begins.slice(before).map(({ beginsWithCheck }) => beginsWithCheck)).toEqual([
      false,
      true,
    ]);
    expect(pipeline.table.standing()).toEqual([]);
  });
});

describe('R11: an alarm that an earlier run of the service has answered', () => {
  it('healthy: is cleared without a restart', () => {
    const pipeline = new Pipeline({ verifiedBefore: [7], eventAfterMs: () => 1e9 });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(10, () => pipeline.regainStream())
      .runTo(20_000);
    // No row change comes back here, so that one more check follows the clear.
    expect(pipeline.types(7)).toEqual(['rechecked', 'cleared', 'rechecked', 'cleared']);
    expect(pipeline.restarts).toEqual([]);
  });

  it('not healthy: is restarted', () => {
    const pipeline: Pipeline = new Pipeline({
      verifiedBefore: [7],
      eventAfterMs: () => 1e9,
      health: () => ({ takesMs: 1, verdict: pipeline.restarts.length > 0 ? HEALTHY : UNHEALTHY }),
    });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(10, () => pipeline.regainStream())
      .runTo(20_000);
    expect(pipeline.restarts).toHaveLength(1);
    expect(pipeline.table.row(7).alarma).toBe(0);
  });

  it('a new raise is a new alarm', () => {
    const pipeline = new Pipeline({ verifiedBefore: [7] });
    pipeline.at(0, () => pipeline.raise(7)).runTo(20_000);
    expect(pipeline.restarts).toHaveLength(1);
  });
});
