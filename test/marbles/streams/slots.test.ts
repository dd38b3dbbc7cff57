import { describe, expect, it } from 'vitest';
import { RestartError } from '../../../src/domain/cycle/restart-target.js';
import { Pipeline } from '../../support/streams/pipeline.js';
import type { Run } from '../../support/streams/simulated-effects.js';
import { HEALTHY, SETTINGS, UNHEALTHY, type WorldOptions } from '../../support/streams/world-options.js';

const FAILED = { takesMs: 10, error: new RestartError('exit 1', true) };

/** What ran, as `process what ms`. */
function told(runs: readonly Run[]): string[] {
  return runs.map(({ systemName, what, from }) => `${systemName} ${what} ${from}`);
}

/** Health checks of which the first of each process fails. */
function secondTry(takesMs: number): NonNullable<WorldOptions['health']> {
  const seen = new Set<string>();
  return ({ systemName }) => {
    const verdict = seen.has(systemName) ? HEALTHY : UNHEALTHY;
    seen.add(systemName);
    return { takesMs, verdict };
  };
}

describe('R8: a slot is held only while something runs', () => {
  it('not in restart_delay', () => {
    const pipeline = new Pipeline({
      maxParallel: 1,
      settings: { restartDelayMs: 10_000 },
      restart: ({ systemName }) => (systemName === 'p1' && pipeline.now < 5000 ? FAILED : { takesMs: 10 }),
    });
    pipeline.at(0, () => pipeline.raise(1)).at(100, () => pipeline.raise(2));
    pipeline.runTo(30_000);
    expect(told(pipeline.restarts)).toEqual(['p1 restart 2', 'p2 restart 102', 'p1 restart 10013']);
    expect(pipeline.table.standing()).toEqual([]);
  });

  it('not between two health checks', () => {
    const pipeline = new Pipeline({
      maxParallel: 1,
      health: ({ systemName }) => ({
        takesMs: 1,
        verdict: systemName === 'p1' && pipeline.now < 3000 ? UNHEALTHY : HEALTHY,
      }),
    });
    pipeline.at(0, () => pipeline.raise(1)).at(100, () => pipeline.raise(2));
    pipeline.runTo(30_000);
    expect(told(pipeline.restarts)).toEqual(['p1 restart 2', 'p2 restart 102']);
    expect(pipeline.types(1)).toEqual(['detected', 'attempt-started', 'restarted', 'verified', 'cleared']);
  });

  it('not while a restart only waits to see whether its daemon stays', () => {
    const pipeline = new Pipeline({ maxParallel: 1, idlesMs: () => 500 });
    pipeline.at(0, () => pipeline.raise(1)).at(100, () => pipeline.raise(2));
    pipeline.runTo(30_000);
    expect(told(pipeline.runs)).toEqual([
      'p1 restart 2',
      'p2 restart 102',
      'p1 health-check 512',
      'p2 health-check 612',
    ]);
    expect(pipeline.table.standing()).toEqual([]);
  });

  it('a restart is followed by its first health check without letting anybody in between', () => {
    const pipeline = new Pipeline({ maxParallel: 1, restart: () => ({ takesMs: 1000 }) });
    for (const id of [1, 2]) pipeline.at(id, () => pipeline.raise(id));
    pipeline.runTo(10_000);
    expect(told(pipeline.runs)).toEqual([
      'p1 restart 3',
      'p1 health-check 1003',
      'p2 restart 1004',
      'p2 health-check 2004',
    ]);
  });

  it('the health check of a follow-up holds one as well', () => {
    const pipeline = new Pipeline({
      maxParallel: 1,
      health: () => ({ takesMs: 200, verdict: HEALTHY }),
    });
    pipeline.at(0, () => pipeline.raise(1)).at(100, () => pipeline.raise(2));
    // Again while its health check runs.
    pipeline.at(150, () => pipeline.lower(1)).at(152, () => pipeline.raise(1));
    pipeline.runTo(30_000);
    for (const { besides } of pipeline.runs) expect(besides).toEqual([]);
    expect(pipeline.types(1)).toContain('rechecked');
    expect(pipeline.table.standing()).toEqual([]);
  });

  it('a database that does not answer holds back nobody while a slot is free', () => {
    let begun = false;
    const pipeline: Pipeline = new Pipeline({
      maxParallel: 1,
      settings: { restartDelayMs: 3000 },
      restart: ({ systemName }) => {
        if (systemName !== 'p1' || begun) return { takesMs: 10 };
        begun = true;
        return FAILED;
      },
      readMs: () => (pipeline.now > 3000 && pipeline.now < 3500 ? 1e9 : 1),
    });
    // The row of 1 is asked for from 3012 to 6012.
    pipeline.at(0, () => pipeline.raise(1)).at(4000, () => pipeline.raise(2));
    pipeline.runTo(30_000);
    expect(pipeline.restarts[1]).toMatchObject({ systemName: 'p2' });
    expect(pipeline.restarts[1]?.from).toBeLessThan(6000);
  });
});

describe('R8: the order of the slots', () => {
  it('a cycle that has begun goes before every one that has not', () => {
    const pipeline = new Pipeline({
      maxParallel: 1,
      restart: ({ systemName }) => ({ takesMs: systemName === 'p1' ? 10 : 3000 }),
      health: secondTry(1),
    });
    for (const id of [1, 2, 3, 4]) pipeline.at(id, () => pipeline.raise(id));
    pipeline.runTo(60_000);
    // The second check of p1 is due at 1013, and comes when p2 gives its slot back; that of p2 before p3 is done, too.
    expect(told(pipeline.runs).slice(0, 6)).toEqual([
      'p1 restart 3',
      'p1 health-check 13',
      'p2 restart 14',
      'p2 health-check 3014',
      'p1 health-check 3015',
      // Its row was read once more.
      'p3 restart 3017',
    ]);
    expect(pipeline.table.standing()).toEqual([]);
  });

  it('of two that have begun the one goes first whose cycle came first', () => {
    const pipeline = new Pipeline({
      maxParallel: 1,
      restart: ({ systemName }) => ({ takesMs: systemName === 'p3' ? 5000 : 10 }),
      health: secondTry(1),
    });
    for (const id of [1, 2, 3, 4]) pipeline.at(id, () => pipeline.raise(id));
    pipeline.runTo(60_000);
    const afterwards = pipeline.runs.filter(({ from }) => from > 5000).slice(0, 4);
    expect(told(afterwards)).toEqual([
      'p3 health-check 5025',
      'p1 health-check 5026',
      'p2 health-check 5027',
      'p4 restart 5029',
    ]);
  });

  it('waiting for a slot counts in no deadline', () => {
    const pipeline = new Pipeline({
      maxParallel: 1,
      settings: { healthCheckTimeoutMs: 1500 },
      restart: ({ systemName }) => ({ takesMs: systemName === 'p2' ? 60_000 : 10 }),
      health: secondTry(1),
    });
    for (const id of [1, 2]) pipeline.at(id, () => pipeline.raise(id));
    pipeline.runTo(100_000);
    expect(pipeline.types(1)).toEqual(['detected', 'attempt-started', 'restarted', 'verified', 'cleared']);
    expect(pipeline.types(2)).toEqual(['detected', 'attempt-started', 'restarted', 'verified', 'cleared']);
  });
});

describe('R8: a storm', () => {
  const IDS = Array.from({ length: 2000 }, (_, index) => index + 1);

  it('2,000 alarms whose first check fails: none is called unhealthy for having waited', () => {
    const pipeline = new Pipeline({
      maxParallel: 4,
      settings: { healthCheckTimeoutMs: 1500, maxAttempts: 1 },
      restart: () => ({ takesMs: 40 }),
      health: secondTry(30),
    });
    pipeline.at(0, () => {
      for (const id of IDS) pipeline.raise(id);
    });
    pipeline.runTo(250_000);
    expect(pipeline.events.filter(({ type }) => type === 'attempt-failed')).toEqual([]);
    expect(pipeline.table.standing()).toEqual([]);
    expect(pipeline.restarts).toHaveLength(IDS.length);
    for (const { besides } of pipeline.runs) expect(besides.length).toBeLessThan(4);
    // No slot stood idle: 4 of them need 50 s for 2,000 times 100 ms.
    expect(pipeline.events.at(-1)?.at).toBeLessThan(55_000);
  });

  it('the number of cycles between their first step and their verdict is bounded', () => {
    const pipeline = new Pipeline({
      maxParallel: 2,
      settings: { healthCheckTimeoutMs: 600_000 },
      health: () => ({ takesMs: 1, verdict: pipeline.now < 20_000 ? UNHEALTHY : HEALTHY }),
    });
    pipeline.at(0, () => {
      for (const id of IDS.slice(0, 500)) pipeline.raise(id);
    });
    pipeline.runTo(19_000);
    expect(pipeline.restarts).toHaveLength(128);
    pipeline.runTo(100_000);
    expect(pipeline.restarts).toHaveLength(500);
    expect(pipeline.table.standing()).toEqual([]);
  });
});

describe('R8: a cycle owns its system name from its first step to its verdict', () => {
  const nginx = { ...SETTINGS, systemName: 'nginx' };
  const shared = {
    maxParallel: 4,
    names: new Map([
      [1, 'web'],
      [2, 'www'],
    ]),
    sections: new Map([
      ['web', nginx],
      ['www', nginx],
    ]),
  };

  it('a second row of the same system name never restarts it in the middle of the verification', () => {
    const pipeline = new Pipeline({ ...shared, health: secondTry(1) });
    for (const id of [1, 2]) pipeline.at(id, () => pipeline.raise(id));
    pipeline.runTo(30_000);
    expect(pipeline.runs.map(({ processId, what }) => `${processId} ${what}`)).toEqual([
      '1 restart',
      '1 health-check',
      '1 health-check',
      '2 restart',
      '2 health-check',
    ]);
  });

  it('nor in restart_delay', () => {
    let tries = 0;
    const pipeline = new Pipeline({
      ...shared,
      restart: () => {
        tries += 1;
        return tries === 1 ? FAILED : { takesMs: 10 };
      },
    });
    for (const id of [1, 2]) pipeline.at(id, () => pipeline.raise(id));
    pipeline.runTo(30_000);
    expect(pipeline.restarts.map(({ processId }) => processId)).toEqual([1, 1, 2]);
  });

  it('nor while the first one is checked again', () => {
    const pipeline = new Pipeline({ ...shared, health: () => ({ takesMs: 500, verdict: HEALTHY }) });
    pipeline.at(0, () => pipeline.raise(1));
    // Again while its health check runs.
    pipeline.at(300, () => pipeline.lower(1)).at(302, () => pipeline.raise(1));
    pipeline.at(600, () => pipeline.raise(2)).runTo(30_000);
    expect(pipeline.runs.map(({ processId, what, from }) => `${processId} ${what} ${from}`)).toEqual([
      '1 restart 2',
      '1 health-check 12',
      '1 health-check 513',
      '2 restart 1013',
      '2 health-check 1023',
    ]);
  });
});
