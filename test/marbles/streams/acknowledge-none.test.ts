import { describe, expect, it } from 'vitest';
import { Pipeline } from '../../support/streams/pipeline.js';
import { HEALTHY, UNHEALTHY, type WorldOptions } from '../../support/streams/world-options.js';

const ANSWERED = ['detected', 'attempt-started', 'restarted', 'verified', 'answered'];
const DAY_MS = 86_400_000;

function readOnly(options: WorldOptions = {}): Pipeline {
  return new Pipeline({ acknowledges: () => false, ...options });
}

describe('acknowledge = none', () => {
  it('an alarm is answered once, whatever polls see it standing, and nothing is written', () => {
    const pipeline = readOnly();
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(1000, () => pipeline.loseStream())
      .at(600_000, () => pipeline.regainStream())
      .runTo(DAY_MS);
    expect(pipeline.types(7)).toEqual(ANSWERED);
    expect(pipeline.writes).toEqual([]);
    expect(pipeline.table.row(7)).toMatchObject({ alarma: 1 });
  });

  it('R7: a row change that comes after a reading has found its alarm gets a check, not a second restart', () => {
    const pipeline = readOnly({ eventAfterMs: () => 1500 });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(10, () => pipeline.reconcileRequests.next('reconnect'))
      .runTo(DAY_MS);
    expect(pipeline.types(7)).toEqual([...ANSWERED, 'detected', 'rechecked', 'answered']);
    expect(pipeline.restarts).toHaveLength(1);
  });

  it('R7: with the stream down a raise that only a late page of a reading shows gets its check', () => {
    const pipeline = readOnly({
      maxParallel: 1,
      capacity: { page: 1, fromTable: 100, total: 100 },
      readMs: () => 100,
      restart: ({ systemName }) => ({ takesMs: systemName === 'p1' ? 4930 : 1000 }),
      health: () => ({ takesMs: 10, verdict: HEALTHY }),
    });
    pipeline.loseStream();
    pipeline
      .at(0, () => [1, 3].map((id) => pipeline.raise(id)))
      // The reading of 10 s has read process 1, and reads process 3 when the restart of that has begun.
      .at(10_142, () => pipeline.lower(3))
      .at(10_145, () => pipeline.raise(3))
      .runTo(60_000);
    expect(pipeline.restarts.map(({ processId, from }) => [processId, from])).toEqual([
      [1, 5100],
      [3, 10_140],
    ]);
    expect(pipeline.reads).toContain(10_100);
    expect(pipeline.types(3)).toEqual([...ANSWERED.slice(0, -1), 'rechecked', 'answered']);
  });

  it.each(['row', 'statement'] as const)('taken back and raised anew it is answered again, %s', (format) => {
    const pipeline = readOnly({ format });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(10_000, () => pipeline.lower(7))
      .at(20_000, () => pipeline.raise(7))
      .runTo(DAY_MS);
    expect(pipeline.types(7)).toEqual([...ANSWERED, ...ANSWERED]);
  });

  it('a wall clock that is set back does not make a new alarm one that is answered', () => {
    const pipeline = readOnly();
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(10_000, () => pipeline.lower(7))
      .at(11_000, () => pipeline.setWallClock(-3_600_000))
      .at(20_000, () => pipeline.raiseUnlogged(7))
      .runTo(600_000);
    expect(pipeline.restarts).toHaveLength(2);
  });

  it.each(['row', 'minimal', 'statement'] as const)(
    'taken back during its own cycle it is answered again when it is raised anew, %s',
    (format) => {
      const pipeline = readOnly({ format, restart: () => ({ takesMs: 5000 }) });
      pipeline
        .at(0, () => pipeline.raise(7))
        .at(200, () => pipeline.lower(7))
        .at(30_000, () => pipeline.raise(7))
        .runTo(DAY_MS);
      expect(pipeline.types(7)).toEqual([...ANSWERED.slice(0, -1), 'cleared', ...ANSWERED]);
      expect(pipeline.events.find(({ type }) => type === 'cleared')).toMatchObject({ changed: false });
      expect(pipeline.restarts).toHaveLength(2);
      expect(pipeline.writes).toEqual([]);
    },
  );

  it('taken back during its cycle, and raised anew after its end, it is answered again by polling alone', () => {
    const pipeline = readOnly({ restart: () => ({ takesMs: 8000 }) });
    pipeline
      .at(0, () => pipeline.loseStream())
      .at(1000, () => pipeline.raise(7))
      .at(7000, () => pipeline.lower(7))
      .at(13_500, () => pipeline.raise(7))
      .runTo(DAY_MS);
    expect(pipeline.types(7).slice(0, 6)).toEqual([...ANSWERED.slice(0, -1), 'cleared', 'detected']);
    expect(pipeline.restarts).toHaveLength(2);
    expect(pipeline.types(7).at(-1)).toBe('answered');
  });

  it('R7: taken back and raised anew during its cycle it gets its check, by polling alone', () => {
    const pipeline = readOnly({ restart: () => ({ takesMs: 8000 }) });
    pipeline
      .at(0, () => pipeline.loseStream())
      .at(1000, () => pipeline.raise(7))
      .at(7000, () => pipeline.lower(7))
      .at(12_000, () => pipeline.raise(7))
      .runTo(DAY_MS);
    expect(pipeline.story(7)).toContain('13003 answered');
    expect(pipeline.types(7)).toEqual([...ANSWERED, 'detected', 'rechecked', 'answered']);
  });

  it('R3: a row that does not show its raise yet is no alarm that was taken back', () => {
    const pipeline = readOnly({
      ...{ visibleAfterMs: () => 11, restart: () => ({ takesMs: 1 }), showsChanges: false },
      names: new Map([[7, 'p7']]),
    });
    pipeline.at(0, () => pipeline.raise(7)).runTo(DAY_MS);
    expect(pipeline.types(7)).toEqual(ANSWERED);
  });

  it('where the row cannot be read, what was answered counts as still raised', () => {
    let canRead = true;
    const pipeline = readOnly({
      format: 'statement',
      canRead: () => canRead,
      restart: () => ({ takesMs: 5000 }),
    });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(4000, () => {
        canRead = false;
      })
      .at(6000, () => {
        canRead = true;
      })
      .runTo(DAY_MS);
    expect(pipeline.types(7)).toEqual(ANSWERED);
  });

  it('R2: taken back and raised anew in one transaction it is answered again', () => {
    const pipeline = readOnly();
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(30_000, () => pipeline.lowerAndRaise(7))
      .runTo(DAY_MS);
    expect(pipeline.types(7)).toEqual([...ANSWERED, ...ANSWERED]);
    expect(pipeline.restarts.at(-1)?.from).toBe(30_002);
  });

  it('what was taken back is not restarted where a SELECT sees the row as it was', () => {
    const pipeline: Pipeline = readOnly({ visibleAfterMs: () => (pipeline.now === 10_000 ? 11 : 0) });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(10_000, () => pipeline.lower(7))
      .at(10_005, () => pipeline.reconcileRequests.next('reconnect'))
      .runTo(DAY_MS);
    expect(pipeline.types(7)).toEqual(ANSWERED);
  });

  it('taken back under our eyes and raised behind our back it is answered again', () => {
    const pipeline = readOnly();
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(10_000, () => pipeline.lower(7))
      .at(10_050, () => pipeline.loseStream())
      .at(10_060, () => pipeline.raise(7))
      .at(10_070, () => pipeline.regainStream())
      .runTo(20_000);
    expect(pipeline.types(7)).toEqual([...ANSWERED, ...ANSWERED]);
  });

  it('taken back and raised while the stream is down it is answered again where a poll saw it at 0', () => {
    const pipeline = readOnly();
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(1000, () => pipeline.loseStream())
      .at(10_000, () => pipeline.lower(7))
      .at(20_000, () => pipeline.raise(7))
      .runTo(DAY_MS);
    expect(pipeline.types(7)).toEqual([...ANSWERED, ...ANSWERED]);
  });

  it('a failed cycle is tried again at the next check_interval', () => {
    const pipeline: Pipeline = readOnly({
      settings: { maxAttempts: 1 },
      health: () => ({
        takesMs: 1,
        verdict: pipeline.now < 60_000 ? UNHEALTHY : { healthy: true, detail: '' },
      }),
    });
    pipeline.at(0, () => pipeline.raise(7)).runTo(DAY_MS);
    expect(pipeline.types(7).filter((type) => type === 'exhausted' || type === 'answered')).toEqual([
      'exhausted',
      'answered',
    ]);
    expect(pipeline.writes).toEqual([]);
  });

  it('R11: an earlier run answered it: it is left alone until it is raised anew', () => {
    const pipeline = readOnly({ answeredBefore: [7] });
    pipeline
      .at(0, () => pipeline.loseStream())
      .at(1, () => pipeline.raise(7))
      .at(2, () => pipeline.regainStream())
      .runTo(DAY_MS);
    expect(pipeline.events).toEqual([]);
    pipeline
      .at(DAY_MS, () => pipeline.lower(7))
      .at(DAY_MS + 1, () => pipeline.raise(7))
      .runTo(2 * DAY_MS);
    expect(pipeline.types(7)).toEqual(ANSWERED);
  });

  it('where the configuration lets it write again, what was answered is checked and cleared', () => {
    let acknowledges = false;
    const pipeline = new Pipeline({ acknowledges: () => acknowledges });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(10_000, () => {
        acknowledges = true;
        pipeline.reconcileRequests.next('reconnect');
      })
      .runTo(DAY_MS);
    expect(pipeline.types(7)).toEqual([...ANSWERED, 'rechecked', 'cleared']);
    expect(pipeline.restarts).toHaveLength(1);
  });
});
