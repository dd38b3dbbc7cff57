import { describe, expect, it } from 'vitest';
import { Pipeline } from '../../support/streams/pipeline.js';
import type { WorldOptions } from '../../support/streams/world-options.js';

/** A service in which hardly anything fits. */
const TIGHT = { page: 2, fromTable: 4, total: 6 };
const MANY = 60;

function ids(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

/** Raises these, lets it run, and returns the most cycles that waited at any time. */
function raiseAll(run: Pipeline, processIds: readonly number[], untilMs: number): number {
  let most = 0;
  run.at(10, () => {
    for (const id of processIds) run.raise(id);
  });
  for (let at = 11; at < untilMs; at += 5) {
    run.at(at, () => {
      most = Math.max(most, run.slots.waiting);
    });
  }
  run.runTo(untilMs);
  return most;
}

describe('more alarms than there is room for: the table is the queue', () => {
  it.each(['row', 'minimal', 'statement'] as const)('R1, R7: none is lost, and few wait (%s)', (format) => {
    const run = new Pipeline({ capacity: TIGHT, format });
    const most = raiseAll(run, ids(1, MANY), 20_000);
    expect(new Set(run.restarts.map(({ processId }) => processId)).size).toBe(MANY);
    expect(run.table.standing()).toEqual([]);
    expect(most).toBeLessThanOrEqual(TIGHT.total + TIGHT.page);
    run.leave();
  });

  it('R1: what was raised before the start is read page by page, without the binlog', () => {
    const run = new Pipeline({ capacity: TIGHT, fallbackIntervalMs: 1000 });
    run.loseStream();
    const most = raiseAll(run, ids(1, MANY), 20_000);
    expect(new Set(run.restarts.map(({ processId }) => processId)).size).toBe(MANY);
    expect(run.restarts).toHaveLength(MANY);
    expect(most).toBeLessThanOrEqual(TIGHT.fromTable);
    run.leave();
  });

  it('R2: a raise that found no room is found by the reading, also where its alarm was answered before', () => {
    const run = new Pipeline({
      capacity: { page: 1, fromTable: 1, total: 1 },
      acknowledges: () => false,
      maxParallel: 1,
    });
    run.at(10, () => run.raise(1));
    // All at once: only one of them fits.
    run.at(2000, () => {
      for (const id of [2, 1, 3]) {
        run.lower(id);
        run.raise(id);
      }
    });
    run.runTo(60_000);
    expect(run.restarts.map(({ processId }) => processId).sort()).toEqual([1, 1, 2, 3]);
    run.leave();
  });

  // More than are remembered.
  const front = ids(1, 1100);
  const named = (name: (id: number) => string): ReadonlyMap<number, string> =>
    new Map([...front.map((id): [number, string] => [id, name(id)]), [3000, 'p3000']]);
  const held: [string, WorldOptions, ((run: Pipeline) => void)?][] = [
    ['refused', { names: named((id) => `a name ${id}`) }],
    ['without a row in PROCESE', { names: new Map([[3000, 'p3000']]) }],
    ['excluded', { names: named((id) => `x${id % 10}`), exclude: ids(0, 10).map((n) => `x${n}`) }],
    ['answered, with acknowledge = none', { acknowledges: () => false, answeredBefore: front }],
    [
      'paused',
      { names: named(() => 'idle') },
      (run) => run.pause({ processName: 'idle', since: 0, by: 'alice' }),
    ],
  ];
  it.each(held)(
    'R8: alarms that are %s starve nobody behind them, even while nothing can be written',
    (_, options, prepare) => {
      const run = new Pipeline({
        ...options,
        // A write that hangs.
        write: (_write, processId) => ({ takesMs: processId === 3000 ? 2 : 1e9 }),
      });
      run.loseStream();
      prepare?.(run);
      for (const id of [...front, 3000]) run.raise(id);
      run.at(1, () => run.reconcileRequests.next('reconnect'));
      run.runTo(5000);
      expect(run.restarts.map(({ processId }) => processId)).toEqual([3000]);
      run.leave();
    },
  );

  it('R8: what is refused in front costs few reports before the first restart, however quickly they are written', () => {
    const run = new Pipeline({
      names: named((id) => `a name ${id}`),
      capacity: { page: 10, fromTable: 100, total: 100 },
    });
    run.loseStream();
    for (const id of [...front, 3000]) run.raise(id);
    run.at(1, () => run.reconcileRequests.next('reconnect'));
    run.runTo(1500);
    const [restart] = run.restarts;
    expect(restart).toMatchObject({ processId: 3000 });
    const reported = run.events.filter(({ type, at }) => type === 'refused' && at <= (restart?.from ?? 0));
    expect(reported.length).toBeLessThanOrEqual(100);
    run.leave();
  });

  it('R14: every refused row gets its note, however many there are', () => {
    const run = new Pipeline({ names: named((id) => `a name ${id}`), checkIntervalMs: 1000 });
    run.loseStream();
    for (const id of front) run.raise(id, 'disk full');
    run.runTo(120_000);
    expect(front.filter((id) => run.table.row(id).notes === 'disk full')).toEqual([]);
    // Written once: a row that has its note is left alone.
    expect(run.writes.length).toBeLessThanOrEqual(front.length * 1.1);
    run.leave();
  });
});
