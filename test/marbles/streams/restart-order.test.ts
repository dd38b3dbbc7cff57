import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProcessSettings } from '../../../src/domain/cycle/process-settings.js';
import type { HealthVerdict } from '../../../src/domain/cycle/restart-target.js';
import { Pipeline } from '../../support/streams/pipeline.js';
import { HEALTHY, SETTINGS, UNHEALTHY, type WorldOptions } from '../../support/streams/world-options.js';

const MIN = 60_000;
/** The row of web comes before that of db in every reading. */
const [WEB, DB, CACHE] = [1, 2, 3] as const;
const NAMES = new Map([
  [WEB, 'web'],
  [DB, 'db'],
  [CACHE, 'cache'],
]);

describe('R35: after', () => {
  it.each([
    ['the follower first', [WEB, DB]],
    ['the follower last', [DB, WEB]],
  ] as const)('alarms of one transaction, %s: db is verified before web is restarted', (_, rows) => {
    const pipeline = order({ web: { after: ['db'] } });
    pipeline.at(0, () => raiseAll(pipeline, rows)).runTo(1000);
    expect(steps(pipeline)).toEqual(['restart 2', 'verified 2', 'restart 1', 'verified 1']);
    expect(waits(pipeline, WEB)).toEqual([[{ processName: 'db' }]]);
  });

  it('alarms that one reading finds, whatever the order of their rows', () => {
    const pipeline = order({ web: { after: ['db', 'cache'] }, cache: { after: ['db'] } });
    for (const id of [WEB, DB, CACHE]) pipeline.raiseUnlogged(id);
    pipeline.at(1, () => pipeline.reconcileRequests.next('reconnect')).runTo(1000);
    expect(restarted(pipeline)).toEqual([DB, CACHE, WEB]);
  });

  it('also of one that is read page by page, with the first process on the last page', () => {
    const names = new Map<number, string>([
      [WEB, 'web'],
      [80, 'cache'],
      [90, 'db'],
    ]);
    for (let id = 2; id < 60; id += 1) names.set(id, `p${id}`);
    const pipeline = order(
      { web: { after: ['cache'] }, cache: { after: ['db'] } },
      { names, capacity: { page: 10, fromTable: 12, total: 40 }, maxParallel: 100 },
    );
    for (const id of names.keys()) pipeline.raiseUnlogged(id);
    pipeline.at(1, () => pipeline.reconcileRequests.next('reconnect')).runTo(MIN);
    const places = [90, 80, WEB].map((id) => restarted(pipeline).indexOf(id));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(restarted(pipeline)).toHaveLength(names.size);
  });

  it('an alarm that comes later stops nobody', () => {
    const pipeline = order({ web: { after: ['db'] } });
    pipeline
      .at(0, () => pipeline.raise(WEB))
      .at(5, () => pipeline.raise(DB))
      .runTo(1000);
    expect(restarted(pipeline)).toEqual([WEB, DB]);
    expect(waits(pipeline, WEB)).toEqual([]);
  });

  it('an alarm that comes while web waits for another stops nobody either', () => {
    const pipeline = order({ web: { after: ['db', 'cache'] } }, { restart: () => ({ takesMs: 1000 }) });
    pipeline
      .at(0, () => raiseAll(pipeline, [WEB, DB]))
      .at(900, () => pipeline.raise(CACHE))
      .runTo(5000);
    expect(waits(pipeline, WEB)).toEqual([[{ processName: 'db' }]]);
    expect(pipeline.restarts.find(({ processId }) => processId === WEB)?.from).toBeLessThan(1100);
  });

  it('an alarm that stood before is waited for, as long as its cycle has no verdict', () => {
    const pipeline = order({ web: { after: ['db'] } }, { restart: () => ({ takesMs: 1000 }) });
    pipeline
      .at(0, () => pipeline.raise(DB))
      .at(500, () => pipeline.raise(WEB))
      .runTo(5000);
    expect(steps(pipeline)).toEqual(['restart 2', 'verified 2', 'restart 1', 'verified 1']);
  });

  it('a failed db lets web try, and what was written to its row does not matter', () => {
    const pipeline = order(
      { web: { after: ['db'] }, db: { maxAttempts: 2, restartDelayMs: 1000 } },
      {
        restart: ({ processName }) => ({
          takesMs: 10,
          ...(processName === 'db' ? { error: new Error('no') } : {}),
        }),
        write: () => ({ takesMs: 10 * MIN }),
      },
    );
    pipeline.at(0, () => raiseAll(pipeline, [WEB, DB])).runTo(4000);
    expect(steps(pipeline)).toEqual(['restart 2', 'restart 2', 'exhausted 2', 'restart 1', 'verified 1']);
  });

  it('who is refused lets web try', () => {
    const pipeline = order({ web: { after: ['db'] }, db: { systemName: 'x..y' } });
    pipeline.at(0, () => raiseAll(pipeline, [WEB, DB])).runTo(1000);
    expect(restarted(pipeline)).toEqual([WEB]);
  });

  it.each<[string, (pipeline: Pipeline) => void, WorldOptions]>([
    ['paused', (pipeline) => pipeline.pause({ processName: 'db', since: 0, by: 'alice' }), {}],
    ['excluded', () => {}, { exclude: ['db'] }],
    ['of another host', () => {}, { names: new Map([...NAMES, [DB, null]]) }],
  ])('nobody waits for one that is %s', (_, prepare, options) => {
    const pipeline = order({ web: { after: ['db'] } }, options);
    prepare(pipeline);
    pipeline.at(0, () => raiseAll(pipeline, [WEB, DB])).runTo(1000);
    expect(restarted(pipeline)).toEqual([WEB]);
    // Nor when both are read again.
    pipeline.raiseUnlogged(WEB);
    pipeline.at(1001, () => pipeline.reconcileRequests.next('reconnect')).runTo(3000);
    expect(restarted(pipeline)).toEqual([WEB, WEB]);
  });

  it('nobody waits for one whose breaker is open', () => {
    const pipeline = order(
      { web: { after: ['db'] }, db: { maxAttempts: 1 } },
      { maxFailures: 1, restart: failing('db') },
    );
    pipeline
      .at(0, () => pipeline.raise(DB))
      .at(1000, () => raiseAll(pipeline, [WEB, DB]))
      .runTo(2000);
    expect(restarted(pipeline)).toEqual([DB, WEB]);
    expect(pipeline.types(DB)).toContain('opened');
  });

  it('waits for the alarm of db that came with it, also if an earlier one is being answered', () => {
    const pipeline = order({ web: { after: ['db'] } }, { restart: () => ({ takesMs: 1000 }) });
    pipeline
      .at(0, () => pipeline.raise(DB, 'first'))
      .at(100, () => pipeline.lower(DB))
      .at(500, () => raiseAll(pipeline, [WEB, DB], 'second'))
      .runTo(9000);
    expect(steps(pipeline)).toEqual(['restart 2', 'verified 2', 'rechecked 2', 'restart 1', 'verified 1']);
  });

  it('waits for one whose name is looked up, but not as long as the database is away', () => {
    let reads = 0;
    const pipeline = order(
      { web: { after: ['db'] } },
      {
        readMs: () => 5,
        // The reading that finds web, and nothing after it.
        canRead: () => {
          reads += 1;
          return reads === 1;
        },
      },
    );
    pipeline.raiseUnlogged(WEB);
    pipeline
      .at(1, () => pipeline.reconcileRequests.next('reconnect'))
      .at(1, () => pipeline.raise(DB))
      .runTo(10_000);
    expect(waits(pipeline, WEB)).toEqual([[{ processName: 'process_id 2' }]]);
    expect(pipeline.restarts.map(({ processId, from }) => [processId, from])).toEqual([[WEB, 3006]]);
  });

  it('is not starved by a db whose alarm is raised again and again', () => {
    const pipeline = order({ web: { after: ['db'] } }, { restart: () => ({ takesMs: 1000 }) });
    pipeline.at(0, () => pipeline.raise(WEB));
    for (let ms = 0; ms < 60_000; ms += 100)
      pipeline.at(ms, () => {
        pipeline.lower(DB);
        pipeline.raise(DB, `at ${ms}`);
      });
    pipeline.runTo(60_000);
    const [first] = pipeline.restarts.filter(({ processId }) => processId === WEB);
    expect(first?.from).toBeLessThan(5000);
  });

  it('holds no slot, no target and no permit while it waits', () => {
    const pipeline = order(
      { web: { after: ['db'], systemName: 'shared' }, cache: { systemName: 'shared' } },
      {
        maxParallel: 2,
        maxFailures: 1,
        restart: ({ processName }) => ({ takesMs: processName === 'db' ? 5000 : 10 }),
      },
    );
    pipeline
      .at(0, () => raiseAll(pipeline, [WEB, DB]))
      .at(1000, () => pipeline.raise(CACHE))
      .at(2000, () => expect(pipeline.types(CACHE)).toContain('cleared'))
      .at(2000, () => expect([pipeline.slots.begun, pipeline.slots.waiting]).toEqual([1, 0]))
      .runTo(9000);
    expect(restarted(pipeline)).toEqual([DB, CACHE, WEB]);
  });

  it('a wait ends with the alarm of who waits', () => {
    const pipeline = order({ web: { after: ['db'] } }, { restart: () => ({ takesMs: 5000 }) });
    pipeline
      .at(0, () => raiseAll(pipeline, [WEB, DB]))
      .at(1000, () => pipeline.lower(WEB))
      .runTo(1100);
    expect(pipeline.types(WEB)).toEqual(['detected', 'waiting', 'withdrawn']);
  });

  it('and where the binlog is not seen, with the reading that does not find it any more', () => {
    const pipeline = order({ web: { after: ['db'] } }, { restart: () => ({ takesMs: 90_000 }) });
    pipeline.loseStream();
    pipeline
      .at(0, () => raiseAll(pipeline, [WEB, DB]))
      .at(20_000, () => pipeline.lower(WEB))
      .runTo(30_000);
    expect(pipeline.types(WEB)).toEqual(['detected', 'waiting', 'withdrawn']);
  });

  it('a stop of the service ends the wait, and nothing more is restarted', () => {
    const pipeline = order({ web: { after: ['db'] } }, { restart: () => ({ takesMs: 5000 }) });
    pipeline
      .at(0, () => raiseAll(pipeline, [WEB, DB]))
      .at(1000, () => pipeline.stop())
      .runTo(9000);
    expect(restarted(pipeline)).toEqual([DB]);
    expect(pipeline.completed).toBe(true);
  });

  it('an administrator waits for nobody', () => {
    const pipeline = order(
      { web: { after: ['db'], requires: ['cache'] } },
      { restart: () => ({ takesMs: 1000 }) },
    );
    pipeline
      .at(0, () => raiseAll(pipeline, [DB, CACHE]))
      .at(10, () => expect(pipeline.request(WEB)).toBe(true))
      .runTo(5000);
    expect(waits(pipeline, WEB)).toEqual([]);
    expect(pipeline.restarts.find(({ processId }) => processId === WEB)?.from).toBe(10);
  });
});

describe('R35: requires', () => {
  const REQUIRES = { web: { requires: ['db'] }, db: { maxAttempts: 1 } };

  it('waits also where the failed process is tried again as soon as its note is written', () => {
    let isBroken = true;
    let canWrite = false;
    const pipeline: Pipeline = order(REQUIRES, {
      write: (write) =>
        write === 'note' && !canWrite ? { takesMs: 2, error: new Error('read-only') } : { takesMs: 2 },
      restart: ({ systemName }) =>
        systemName === 'db' && isBroken ? { takesMs: 10, error: new Error('no') } : { takesMs: 10 },
    });
    pipeline
      .at(0, () => raiseAll(pipeline, [DB, WEB]))
      // Its note is still being written.
      .at(10_000, () => pipeline.suppressed.releaseFailed())
      .at(12_000, () => {
        isBroken = false;
        canWrite = true;
      })
      .runTo(10 * MIN);
    expect(steps(pipeline).slice(-4)).toEqual(['restart 2', 'verified 2', 'restart 1', 'verified 1']);
    expect(steps(pipeline).filter((step) => step === 'restart 1')).toHaveLength(1);
  });

  it('waits until db is verified, and says for whom', () => {
    let isBroken = true;
    const pipeline = order(REQUIRES, {
      restart: ({ processName }) => ({
        takesMs: 10,
        ...(processName === 'db' && isBroken ? { error: new Error('no') } : {}),
      }),
    });
    pipeline
      .at(0, () => raiseAll(pipeline, [WEB, DB]))
      .at(4 * MIN, () => expect(restarted(pipeline)).toEqual([DB]))
      .at(4 * MIN, () => {
        isBroken = false;
      })
      .runTo(5 * MIN + 1000);
    expect(restarted(pipeline)).toEqual([DB, DB, WEB]);
    expect(waits(pipeline, WEB)).toEqual([
      [{ processName: 'db' }],
      [{ processName: 'db', reason: 'its last cycle failed' }],
      [{ processName: 'db' }],
    ]);
  });

  it('R38: also after a relay has told the failed alarm of db late: that is no new one, and none that is gone', () => {
    const late = { eventAfterMs: () => 6000, relayLagMs: () => 0 };
    const pipeline = order(REQUIRES, { ...late, restart: failing('db') });
    pipeline
      .at(0, () => raiseAll(pipeline, [WEB, DB]))
      .at(10, () => pipeline.reconcileRequests.next('poll'))
      .runTo(4 * MIN);
    expect(restarted(pipeline)).toEqual([DB]);
  });

  it('or its alarm is gone', () => {
    const pipeline = order(REQUIRES, { restart: failing('db') });
    pipeline
      .at(0, () => raiseAll(pipeline, [WEB, DB]))
      .at(10_000, () => pipeline.lower(DB))
      .runTo(11_000);
    expect(restarted(pipeline)).toEqual([DB, WEB]);
  });

  it('or its alarm was gone before a reading had ended that still shows it', () => {
    const pipeline = order(REQUIRES, { restart: failing('db'), readMs: () => 200 });
    pipeline
      .at(0, () => pipeline.raise(DB))
      .at(10_000, () => pipeline.reconcileRequests.next('reconnect'))
      .at(10_150, () => pipeline.lower(DB))
      .at(10_300, () => pipeline.raise(WEB))
      .runTo(15_000);
    expect(restarted(pipeline)).toEqual([DB, WEB]);
  });

  it('also where only a reading shows that', () => {
    const pipeline = order(REQUIRES, { restart: failing('db') });
    pipeline
      .at(0, () => raiseAll(pipeline, [WEB, DB]))
      .at(10_000, () => pipeline.loseStream())
      .at(11_000, () => pipeline.lower(DB))
      .runTo(20_000);
    expect(restarted(pipeline)).toEqual([DB, WEB]);
  });

  it.each<[string, string, (pipeline: Pipeline) => void, (pipeline: Pipeline) => void, WorldOptions]>([
    [
      'paused',
      'paused by alice',
      (pipeline) => pipeline.pause({ processName: 'db', since: 0, by: 'alice' }),
      (pipeline) => pipeline.pauses.end(() => true),
      {},
    ],
    ['excluded', 'excluded', () => {}, (pipeline) => pipeline.lower(DB), { exclude: ['db'] }],
  ])('waits also for one that is %s', (_, reason, prepare, finish, options) => {
    const pipeline = order(REQUIRES, options);
    prepare(pipeline);
    pipeline.at(0, () => raiseAll(pipeline, [WEB, DB])).runTo(20 * MIN);
    expect(restarted(pipeline)).toEqual([]);
    expect(waits(pipeline, WEB).at(-1)).toEqual([{ processName: 'db', reason }]);
    // It is not in the way of others meanwhile.
    pipeline.at(20 * MIN, () => pipeline.raise(CACHE));
    pipeline.at(21 * MIN, () => finish(pipeline)).runTo(22 * MIN);
    expect(restarted(pipeline).slice(0, 1)).toEqual([CACHE]);
    expect(restarted(pipeline).at(-1)).toBe(WEB);
  });

  it('waits also for one that is refused', () => {
    const pipeline = order({ ...REQUIRES, db: { systemName: 'x..y' } });
    pipeline
      .at(0, () => raiseAll(pipeline, [WEB, DB]))
      .at(MIN, () => expect(restarted(pipeline)).toEqual([]))
      .at(MIN, () => pipeline.lower(DB))
      .runTo(2 * MIN);
    expect(waits(pipeline, WEB).at(-1)).toEqual([{ processName: 'db', reason: 'refused' }]);
    expect(restarted(pipeline)).toEqual([WEB]);
  });

  it('waits also for one whose breaker is open, until it is half-open and verified', () => {
    let isBroken = true;
    const pipeline = order(REQUIRES, {
      maxFailures: 1,
      resetTimeMs: 30 * MIN,
      restart: ({ processName }) => ({
        takesMs: 10,
        ...(processName === 'db' && isBroken ? { error: new Error('no') } : {}),
      }),
    });
    pipeline
      .at(0, () => pipeline.raise(DB))
      .at(1000, () => pipeline.raise(WEB))
      .at(20 * MIN, () => {
        isBroken = false;
        expect(waits(pipeline, WEB).at(-1)).toEqual([
          { processName: 'db', reason: 'its circuit breaker is open' },
        ]);
      })
      .runTo(31 * MIN);
    expect(restarted(pipeline)).toEqual([DB, DB, WEB]);
  });

  it('does not wait for one of another host, nor for one whose alarm does not stand', () => {
    const other = order(REQUIRES, { names: new Map([...NAMES, [DB, null]]) });
    other.at(0, () => raiseAll(other, [WEB, DB])).runTo(1000);
    expect(restarted(other)).toEqual([WEB]);
    const alone = order(REQUIRES);
    alone
      .at(0, () => alone.raise(DB))
      .at(1000, () => alone.raise(WEB))
      .runTo(2000);
    expect(waits(alone, WEB)).toEqual([]);
  });

  it('a verified db that stays raised because nothing is written to the table holds nobody', () => {
    const pipeline = order(REQUIRES, { acknowledges: () => false });
    pipeline
      .at(0, () => pipeline.raise(DB))
      .at(6 * MIN, () => pipeline.raise(WEB))
      .runTo(7 * MIN);
    expect(restarted(pipeline)).toEqual([DB, WEB]);
    expect(waits(pipeline, WEB)).toEqual([]);
  });

  it('a reload that takes the key back ends the wait', () => {
    const sections = new Map<string, ProcessSettings>([
      ['web', { ...SETTINGS, requires: ['db'] }],
      ['db', SETTINGS],
    ]);
    const pipeline = order({}, { sections, restart: failing('db') });
    pipeline
      .at(0, () => raiseAll(pipeline, [WEB, DB]))
      .at(10_000, () => {
        expect(restarted(pipeline)).not.toContain(WEB);
        sections.set('web', SETTINGS);
        pipeline.order.reconsider();
      })
      .runTo(11_000);
    expect(restarted(pipeline)).toContain(WEB);
  });

  it.each<[string, Reload, readonly number[], string]>([
    ['excludes it', ({ exclude }) => exclude.push('web'), [], 'excluded'],
    ['makes its name unusable', ({ sections }) => changeWeb(sections, { systemName: 'x..y' }), [], 'refused'],
    [
      'changes what is restarted',
      ({ sections }) => changeWeb(sections, { systemName: 'web2' }),
      [WEB],
      'verified',
    ],
    ['comes with another name in PROCESE', ({ names }) => names.set(WEB, 'other'), [WEB], 'verified'],
    ['comes with another host in PROCESE', ({ names }) => names.set(WEB, null), [], 'withdrawn'],
  ])('what waits is admitted again after a reload that %s', (_, reload, restarts, outcome) => {
    const sections = new Map<string, ProcessSettings>([
      ['web', { ...SETTINGS, requires: ['db'] }],
      ['db', SETTINGS],
    ]);
    const names = new Map<number, string | null>(NAMES);
    const exclude: string[] = [];
    const targets: string[] = [];
    const pipeline = order(
      {},
      {
        ...{ sections, names, exclude },
        restart: ({ processName, systemName }) => {
          if (processName !== 'db') targets.push(`${processName} ${systemName}`);
          return { takesMs: 10 };
        },
      },
    );
    pipeline.pause({ processName: 'db', since: 0, by: 'alice' });
    pipeline
      .at(0, () => raiseAll(pipeline, [WEB, DB]))
      .at(10_000, () => {
        reload({ sections, names, exclude });
        pipeline.order.reconsider();
      })
      .at(20_000, () => pipeline.lower(DB))
      .runTo(30_000);
    expect(restarted(pipeline)).toEqual(restarts);
    expect(targets).toEqual(restarts.map(() => (names.get(WEB) === 'other' ? 'other other' : 'web web2')));
    expect(pipeline.types(WEB)).toContain(outcome);
    expect(pipeline.types(WEB).filter((type) => type === 'detected')).toHaveLength(1);
  });

  it('a database that gives no answer after the wait keeps nobody from being restarted', () => {
    let canRead = true;
    const pipeline = order(REQUIRES, { canRead: () => canRead, restart: () => ({ takesMs: 10_000 }) });
    pipeline
      .at(0, () => raiseAll(pipeline, [WEB, DB]))
      .at(500, () => {
        canRead = false;
      })
      .runTo(40_000);
    expect(restarted(pipeline)).toEqual([DB, WEB]);
  });

  it('a row that has another name by the next reading is another process', () => {
    const names = new Map<number, string>(NAMES);
    const pipeline = order(REQUIRES, { names, exclude: ['db'], checkIntervalMs: MIN });
    pipeline
      .at(0, () => raiseAll(pipeline, [WEB, DB]))
      .at(10_000, () => names.set(DB, 'other'))
      .at(10_000, () => expect(restarted(pipeline)).toEqual([]))
      .runTo(2 * MIN);
    expect(restarted(pipeline)).toEqual([DB, WEB]);
  });

  it('many that wait for a paused one leave their room to others', () => {
    const names = new Map<number, string>([
      [9999, 'db'],
      [9998, 'other'],
    ]);
    for (let id = 1; id <= 50; id += 1) names.set(id, 'web');
    const pipeline = order(REQUIRES, { names, capacity: { page: 10, fromTable: 20, total: 40 } });
    pipeline.pause({ processName: 'db', since: 0, by: 'alice' });
    for (const id of names.keys()) pipeline.raiseUnlogged(id);
    pipeline.at(1, () => pipeline.reconcileRequests.next('reconnect')).runTo(MIN);
    expect(pipeline.types(9998)).toContain('cleared');
  });

  it('beyond the number that may wait, alarms stay in the table and keep no other alarm from its cycle', () => {
    const names = new Map<number, string>([
      [9999, 'db'],
      [9998, 'other'],
    ]);
    for (let id = 1; id <= 50; id += 1) names.set(id, 'web');
    let isBroken = true;
    const pipeline = order(REQUIRES, {
      ...{ names, capacity: { page: 10, fromTable: 20, total: 40 }, maxWaiting: 5, maxFailures: 100 },
      restart: (target) => (isBroken ? failing('db')(target) : { takesMs: 10 }),
    });
    for (const id of names.keys()) if (id !== 9998) pipeline.raiseUnlogged(id);
    pipeline
      .at(1, () => pipeline.reconcileRequests.next('reconnect'))
      .at(MIN, () => {
        expect(pipeline.order.waiting).toBe(5);
        expect(pipeline.events.filter(({ type }) => type === 'postponed')).toHaveLength(45);
        expect(pipeline.types(9999)).toContain('exhausted');
        pipeline.raiseUnlogged(9998);
      })
      // The check_interval after this one finds db, web and the other.
      .at(6 * MIN, () => {
        expect(pipeline.types(9998)).toContain('cleared');
        isBroken = false;
      })
      .runTo(30 * MIN);
    expect(pipeline.table.standing()).toEqual([]);
  });

  it('that number does not concern what restart_with demands, nor a follow-up', () => {
    const pipeline = order(REQUIRES, { maxWaiting: 0, restart: () => ({ takesMs: 1000 }) });
    pipeline
      .at(0, () => pipeline.raise(DB))
      .at(500, () => pipeline.request(WEB, 'restart-with'))
      .runTo(5000);
    expect(restarted(pipeline)).toEqual([DB, WEB]);
    pipeline
      .at(5000, () => pipeline.raise(WEB))
      .at(5500, () => pipeline.lower(WEB))
      .at(5500, () => raiseAll(pipeline, [DB, WEB]))
      .runTo(10_000);
    expect(pipeline.types(WEB)).not.toContain('postponed');
    expect(pipeline.types(WEB)).toContain('rechecked');
  });
});

describe('R35: any order without a circle', () => {
  it('everybody is answered, and after those that go before it', () => {
    const ids = [1, 2, 3, 4, 5];
    const batch = fc.array(fc.constantFrom(...ids), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        // Of each process, what it says of those with a lower place; the places are those of `places`.
        fc.array(fc.array(fc.constantFrom('no', 'after', 'requires'), { minLength: 5, maxLength: 5 }), {
          minLength: 5,
          maxLength: 5,
        }),
        fc.shuffledSubarray(ids, { minLength: 5 }),
        fc.array(batch, { minLength: 1, maxLength: 4 }),
        fc.infiniteStream(fc.record({ takesMs: fc.integer({ min: 0, max: 3000 }), fails: fc.boolean() })),
        fc.integer({ min: 1, max: 3 }),
        (written, places, batches, draws, maxParallel) => {
          const named = (id: number, key: string): string[] =>
            places
              .slice(0, places.indexOf(id))
              .filter((other) => written[id - 1]?.[other - 1] === key)
              .map((other) => `p${other}`);
          const sections = new Map(
            ids.map((id) => {
              const [after, requires] = [named(id, 'after'), named(id, 'requires')];
              const keys = { ...(after.length > 0 && { after }), ...(requires.length > 0 && { requires }) };
              return [`p${id}`, { ...SETTINGS, maxAttempts: 1, ...keys }] as const;
            }),
          );
          const pipeline = new Pipeline({
            ...{ sections, maxParallel, maxFailures: 100, checkIntervalMs: MIN },
            restart: () => {
              const { takesMs, fails } = draws.next().value ?? { takesMs: 1, fails: false };
              return { takesMs, ...(fails && { error: new Error('no') }) };
            },
          });
          const PERIOD = 60 * MIN;
          for (const [index, raised] of batches.entries())
            pipeline.at(index * PERIOD, () => raiseAll(pipeline, [...new Set(raised)]));
          pipeline.runTo(batches.length * PERIOD);
          // No deadlock, and each failure is tried again.
          expect(pipeline.table.standing()).toEqual([]);
          for (const [index, raised] of batches.entries()) {
            const isOfBatch = (at: number): boolean => at >= index * PERIOD && at < (index + 1) * PERIOD;
            const firstOf = (id: number, types: readonly string[]): number =>
              pipeline.events.find(
                ({ processId, type, at }) => processId === id && types.includes(type) && isOfBatch(at),
              )?.at ?? Number.POSITIVE_INFINITY;
            for (const id of raised) {
              const begins = firstOf(id, ['attempt-started']);
              const others = (key: string) => raised.filter((other) => named(id, key).includes(`p${other}`));
              for (const other of others('after'))
                expect(firstOf(other, ['verified', 'exhausted'])).toBeLessThanOrEqual(begins);
              for (const other of others('requires'))
                expect(firstOf(other, ['verified'])).toBeLessThanOrEqual(begins);
            }
          }
          pipeline.leave();
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('R35: requires, and a wall clock that is set', () => {
  it.each([
    ['forward', 120 * MIN],
    ['back', -120 * MIN],
  ])('%s: web does not wait for an alarm that a reading shows to be gone', (_, byMs) => {
    const pipeline = order({ web: { requires: ['db'] } }, { restart: failing('db') });
    pipeline
      .at(0, () => pipeline.raise(DB))
      .at(2 * MIN, () => pipeline.setWallClock(byMs))
      .at(2 * MIN, () => pipeline.table.write(DB, { alarma: 0 }, false, true))
      .at(2 * MIN, () => pipeline.raise(WEB))
      .runTo(4 * MIN);
    expect(pipeline.types(DB)).toContain('exhausted');
    expect(waits(pipeline, WEB)).toHaveLength(1);
    expect(restarted(pipeline)).not.toContain(WEB);
    pipeline.runTo(6 * MIN);
    expect(restarted(pipeline).at(-1)).toBe(WEB);
  });
});

describe('R35: a unit that was started after its alarm was raised', () => {
  /** systemd has restarted web together with db, by its Requires=. */
  const STARTED: WorldOptions = {
    restart: () => ({ takesMs: 1000 }),
    runBegin: ({ processName }) => (processName === 'web' ? 500 : undefined),
  };

  it('gets a health check, and no restart if it is healthy', () => {
    const pipeline = order({ web: { after: ['db'] } }, STARTED);
    pipeline.at(0, () => raiseAll(pipeline, [WEB, DB])).runTo(5000);
    expect(restarted(pipeline)).toEqual([DB]);
    expect(pipeline.types(WEB)).toEqual(['detected', 'waiting', 'rechecked', 'cleared']);
    expect(pipeline.table.row(WEB)).toMatchObject({
      alarma: 0,
      notes: expect.stringMatching(/^OK .* healthy, no restart needed$/),
    });
  });

  it('a restart if it is not, and none if that cannot be told', () => {
    let checks = 0;
    const check = (verdict: HealthVerdict): WorldOptions => ({
      ...STARTED,
      health: ({ processName }) => {
        if (processName === 'web') checks += 1;
        return { takesMs: 1, verdict: processName === 'web' && checks === 1 ? verdict : HEALTHY };
      },
    });
    const ill = order({ web: { after: ['db'] } }, check(UNHEALTHY));
    ill.at(0, () => raiseAll(ill, [WEB, DB])).runTo(5000);
    expect(restarted(ill)).toEqual([DB, WEB]);
    checks = 0;
    const unknown = order(
      { web: { after: ['db'] } },
      check({ ...UNHEALTHY, isUnknown: true } as HealthVerdict),
    );
    unknown.at(0, () => raiseAll(unknown, [WEB, DB])).runTo(5000);
    expect(restarted(unknown)).toEqual([DB]);
    expect(unknown.types(WEB)).toContain('exhausted');
  });

  it('also after a long wait for a slot', () => {
    const pipeline = order({}, { ...STARTED, maxParallel: 1 });
    pipeline.at(0, () => raiseAll(pipeline, [DB, WEB])).runTo(5000);
    expect(restarted(pipeline)).toEqual([DB]);
  });

  it.each([
    ['one that runs as it did at the alarm', () => -5],
    ['one without a unit', () => undefined],
  ])('%s is restarted', (_, runBegin) => {
    const pipeline = order({ web: { after: ['db'] } }, { ...STARTED, runBegin });
    pipeline.at(0, () => raiseAll(pipeline, [WEB, DB])).runTo(5000);
    expect(restarted(pipeline)).toEqual([DB, WEB]);
  });

  it.each([
    ['forward, one that runs as it did at the alarm is restarted', 60 * MIN, -10 * MIN, [DB, WEB]],
    ['back, one that runs as it did at the alarm is restarted', -60 * MIN, -10 * MIN, [DB, WEB]],
    ['forward, one that was started meanwhile is not', 60 * MIN, 500, [DB]],
    ['back, one that was started meanwhile is not', -60 * MIN, 500, [DB]],
  ])('with a wall clock that is set %s', (_, byMs, begin, expected) => {
    const runBegin: WorldOptions['runBegin'] = ({ processName }) =>
      processName === 'web' ? begin : undefined;
    const pipeline = order({}, { ...STARTED, runBegin, maxParallel: 1 });
    pipeline
      .at(0, () => raiseAll(pipeline, [DB, WEB]))
      .at(700, () => pipeline.setWallClock(byMs))
      .runTo(5000);
    expect(restarted(pipeline)).toEqual(expected);
  });

  it('one that was raised during a slow reading, after that start, is restarted', () => {
    const pipeline = order({}, { ...STARTED, readMs: () => 3000 });
    pipeline
      .at(0, () => pipeline.reconcileRequests.next('poll'))
      .at(1000, () => pipeline.raiseUnlogged(WEB))
      .runTo(20_000);
    expect(pipeline.types(WEB)).toEqual(['detected', 'attempt-started', 'restarted', 'verified', 'cleared']);
  });

  it('one that is answered at once, or asked for, is not asked', () => {
    const pipeline = order({}, { ...STARTED, runBegin: () => Number.POSITIVE_INFINITY });
    pipeline.at(0, () => pipeline.raise(WEB)).runTo(5000);
    pipeline.at(5000, () => pipeline.request(WEB)).runTo(9000);
    expect(restarted(pipeline)).toEqual([WEB, WEB]);
  });

  it('R9: a breaker that is half-open gets its trial back', () => {
    let isBroken = true;
    const pipeline = order(
      { web: { after: ['db'], maxAttempts: 1 } },
      {
        maxFailures: 1,
        resetTimeMs: 30 * MIN,
        restart: ({ processName }) => ({
          takesMs: 1000,
          ...(processName === 'web' && isBroken ? { error: new Error('no') } : {}),
        }),
        runBegin: () => (isBroken ? undefined : Number.POSITIVE_INFINITY),
      },
    );
    pipeline
      .at(0, () => pipeline.raise(WEB))
      .at(30 * MIN + 500, () => {
        isBroken = false;
        pipeline.raise(DB);
      })
      .runTo(31 * MIN);
    expect(pipeline.types(WEB).slice(-2)).toEqual(['rechecked', 'cleared']);
    expect(pipeline.breakers.get(WEB)).toMatchObject({ state: 'half-open', onTrial: false });
  });
});

describe('R35: the cycle that restart_with begins', () => {
  it('restarts without an alarm, clears one that stands, and needs no alarm that goes on standing', () => {
    const pipeline = order({}, { restart: () => ({ takesMs: 10 }) });
    pipeline
      .at(0, () => expect(pipeline.request(WEB, 'restart-with')).toBe(true))
      .at(1000, () => pipeline.raiseUnlogged(WEB))
      .at(1001, () => expect(pipeline.request(WEB, 'restart-with')).toBe(true))
      .runTo(2000);
    expect(restarted(pipeline)).toEqual([WEB, WEB]);
    expect(pipeline.table.row(WEB).alarma).toBe(0);
  });

  it('is not begun beside another one of its process', () => {
    const pipeline = order({});
    pipeline
      .at(0, () => pipeline.raise(WEB))
      .at(5, () => expect(pipeline.request(WEB, 'restart-with')).toBe(false))
      .runTo(1000);
    expect(restarted(pipeline)).toEqual([WEB]);
  });

  it('R34: counts for flapping and is held back by it', () => {
    const pipeline = order({}, { flapping: { maxRestarts: 2, restartWindowMs: MIN } });
    for (let each = 0; each < 4; each += 1)
      pipeline.at(each * 1000, () => pipeline.request(WEB, 'restart-with'));
    pipeline.runTo(9000);
    expect(restarted(pipeline)).toEqual([WEB, WEB]);
    expect(pipeline.types(WEB)).toContain('flapping');
    expect(pipeline.table.row(WEB).alarma).toBe(0);
  });

  it.each<[string, string, (pipeline: Pipeline) => void, WorldOptions]>([
    ['paused', 'paused', (pipeline) => pipeline.pause({ processName: 'web', since: 0, by: 'alice' }), {}],
    ['excluded', 'excluded', () => {}, { exclude: ['web'] }],
  ])('restarts nothing that is %s, and writes nothing', (_, type, prepare, options) => {
    const pipeline = order({}, options);
    prepare(pipeline);
    pipeline.at(0, () => pipeline.request(WEB, 'restart-with')).runTo(1000);
    expect(pipeline.types(WEB)).toEqual([type]);
    expect(pipeline.writes).toEqual([]);
  });

  it('waits for those that go before it', () => {
    const pipeline = order({ web: { after: ['db'] } }, { restart: () => ({ takesMs: 1000 }) });
    pipeline
      .at(0, () => pipeline.request(WEB, 'restart-with'))
      .at(0, () => pipeline.request(DB, 'restart-with'))
      .runTo(5000);
    expect(restarted(pipeline)).toEqual([DB, WEB]);
  });

  it.each<[string, (pipeline: Pipeline) => void]>([
    ['a reading that does not find it', (pipeline) => pipeline.reconcileRequests.next('binlog')],
    ['an alarm that was raised meanwhile and is taken back', raiseAndLower],
  ])('needs no alarm, so its wait does not end at %s', (_, happen) => {
    const pipeline = order({ web: { after: ['db'] } }, { restart: () => ({ takesMs: 1000 }) });
    pipeline
      .at(0, () => pipeline.request(WEB, 'restart-with'))
      .at(0, () => pipeline.request(DB, 'restart-with'))
      .at(500, () => happen(pipeline))
      .runTo(5000);
    expect(steps(pipeline).slice(0, 4)).toEqual(['restart 2', 'verified 2', 'restart 1', 'verified 1']);
  });

  it.each([
    ['healthy', true, []],
    ['not healthy', false, [WEB]],
  ] as const)('after a crash in its middle a health check decides: %s', (_, isHealthy, restarts) => {
    let checks = 0;
    const pipeline = order(
      {},
      {
        restartedWithBefore: true,
        health: () => {
          checks += 1;
          return { takesMs: 1, verdict: isHealthy || checks > 1 ? HEALTHY : UNHEALTHY };
        },
      },
    );
    pipeline.at(0, () => pipeline.request(WEB, 'restart-with')).runTo(1000);
    expect(restarted(pipeline)).toEqual(restarts);
    expect(pipeline.writes.filter(({ write }) => write === 'raise')).toEqual([]);
  });

  it('raises no alarm where that restart fails', () => {
    const pipeline = order(
      { web: { maxAttempts: 1 } },
      {
        restartedWithBefore: true,
        restart: failing('web'),
        health: () => ({ takesMs: 1, verdict: UNHEALTHY }),
      },
    );
    pipeline.at(0, () => pipeline.request(WEB, 'restart-with')).runTo(1000);
    expect(pipeline.types(WEB)).toContain('exhausted');
    expect(pipeline.table.row(WEB).alarma).toBe(0);
  });
});

function order(
  settings: Readonly<Record<string, Partial<ProcessSettings>>>,
  options: WorldOptions = {},
): Pipeline {
  const sections = new Map(
    ['web', 'db', 'cache'].map((name) => [name, { ...SETTINGS, ...settings[name] }] as const),
  );
  return new Pipeline({
    ...{ names: NAMES, sections, checkIntervalMs: 5 * MIN, restart: () => ({ takesMs: 10 }) },
    ...options,
  });
}

function raiseAll(pipeline: Pipeline, ids: readonly number[], notes?: string): void {
  for (const id of ids) pipeline.raise(id, notes);
}

function raiseAndLower(pipeline: Pipeline): void {
  pipeline.raise(WEB);
  pipeline.lower(WEB);
}

function failing(name: string): NonNullable<WorldOptions['restart']> {
  return ({ processName }) => ({ takesMs: 10, ...(processName === name ? { error: new Error('no') } : {}) });
}

type Reload = (world: {
  readonly sections: Map<string, ProcessSettings>;
  readonly names: Map<number, string | null>;
  readonly exclude: string[];
}) => unknown;

/** It requires db, as before. */
function changeWeb(sections: Map<string, ProcessSettings>, settings: Partial<ProcessSettings>): void {
  sections.set('web', { ...SETTINGS, requires: ['db'], ...settings });
}

const TOLD = new Set(['restart', 'verified', 'exhausted', 'rechecked']);

function steps({ steps: all }: Pipeline): string[] {
  return all.filter(({ type }) => TOLD.has(type)).map(({ type, processId }) => `${type} ${processId}`);
}

function restarted({ restarts }: Pipeline): number[] {
  return restarts.map(({ processId }) => processId);
}

function waits({ events }: Pipeline, processId: number): unknown[] {
  return events.flatMap((event) =>
    event.type === 'waiting' && event.processId === processId ? [event.waitsFor] : [],
  );
}
