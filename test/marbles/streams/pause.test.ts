import { describe, expect, it } from 'vitest';
import { createRequestedAlarm } from '../../../src/domain/alarm/alarm.js';
import { HandledAlarms } from '../../../src/domain/alarm/handled-alarms.js';
import type { CycleEvent } from '../../../src/domain/cycle/cycle-event.js';
import type { Pause } from '../../../src/domain/cycle/pause.js';
import { LogicalClock } from '../../../src/domain/logical-clock.js';
import { SuppressedAlarms } from '../../../src/streams/suppressed-alarms.js';
import { Pipeline } from '../../support/streams/pipeline.js';
import { UNHEALTHY } from '../../support/streams/world-options.js';

const ANSWERED = ['detected', 'attempt-started', 'restarted', 'verified', 'cleared'];
const pause: Pause = { since: 0, by: 'alice', reason: 'new disks' };
const pauseOf7: Pause = { ...pause, processName: 'p7' };

describe('a paused process', () => {
  it('is told of once for each raise, not at every poll, and keeps its alarm', () => {
    const pipeline = new Pipeline();
    pipeline.pauses.add(pauseOf7);
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(1000, () => pipeline.loseStream())
      .runTo(2_000_000);
    expect(pipeline.story(7)).toEqual(['2 paused']);
    expect(pipeline.events[0]).toMatchObject({ pause: pauseOf7, alarm: { trigger: 'binlog' } });
    expect(pipeline.restarts).toEqual([]);
    expect(pipeline.writes).toEqual([]);
    expect(pipeline.table.row(7)).toMatchObject({ alarma: 1 });
    pipeline
      .at(2_000_000, () => pipeline.regainStream())
      .at(2_010_000, () => pipeline.lower(7))
      .at(2_020_000, () => pipeline.raise(7))
      .runTo(2_030_000);
    expect(pipeline.types(7)).toEqual(['paused', 'paused']);
  });

  it('is answered at once on resume', () => {
    const pipeline = new Pipeline();
    pipeline.pauses.add(pauseOf7);
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(50_000, () => pipeline.pauses.end(() => true))
      .runTo(60_000);
    expect(pipeline.types(7)).toEqual(['paused', ...ANSWERED]);
    expect(detections(pipeline)).toEqual(['50000 resume']);
  });

  it('is answered at once when its time is over', () => {
    const pipeline = new Pipeline();
    pipeline.pauses.add({ ...pauseOf7, until: 50_000 });
    pipeline.at(0, () => pipeline.raise(7)).runTo(60_000);
    expect(detections(pipeline)).toEqual(['50000 resume']);
    expect(pipeline.types(7).at(-1)).toBe('cleared');
  });

  it('is answered at once when its maintenance is over, and when a reload removes that', () => {
    const maintenance = { name: 'night', schedule: '0 * * * * *', durationMs: 30_000, processes: ['p7'] };
    for (const endsAt of [30_000, 20_000]) {
      const pipeline = new Pipeline();
      pipeline.pauses.maintenance.replace([maintenance]);
      pipeline
        .at(0, () => pipeline.raise(7))
        .at(endsAt, () => {
          if (endsAt < 30_000) pipeline.pauses.maintenance.replace([]);
        })
        .runTo(50_000);
      expect(pipeline.types(7)).toEqual(['paused', ...ANSWERED]);
      expect(detections(pipeline)).toEqual([`${endsAt} resume`]);
    }
  });

  it('R3: is answered on resume even where its row becomes visible only after its event', () => {
    const pipeline: Pipeline = new Pipeline({ visibleAfterMs: () => (pipeline.now === 0 ? 11 : 0) });
    pipeline.pauses.add(pauseOf7);
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(3, () => pipeline.pauses.end(() => true))
      .runTo(1000);
    expect(pipeline.types(7)).toEqual(['paused', ...ANSWERED]);
  });

  it('holds back nobody else, and resuming another one does not answer it', () => {
    const pipeline = new Pipeline();
    pipeline.pauses.add(pauseOf7);
    pipeline.pauses.add({ ...pause, processName: 'p8' });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(0, () => pipeline.raise(8))
      .at(0, () => pipeline.raise(9))
      .at(50_000, () => pipeline.pauses.end(({ processName }) => processName === 'p8'))
      .runTo(60_000);
    expect(pipeline.types(7)).toEqual(['paused']);
    expect(pipeline.types(8)).toEqual(['paused', ...ANSWERED]);
    expect(pipeline.types(9)).toEqual(ANSWERED);
  });

  it('stays held by its own pause when that of all is lifted', () => {
    const pipeline = new Pipeline();
    pipeline.pauses.add(pause);
    pipeline.pauses.add(pauseOf7);
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(0, () => pipeline.raise(8))
      .at(50_000, () => pipeline.pauses.end(({ processName }) => processName === undefined))
      .runTo(400_000);
    expect(pipeline.types(7)).toEqual(['paused']);
    expect(pipeline.types(8)).toEqual(['paused', ...ANSWERED]);
  });

  it('whose alarm was taken back meanwhile is left alone on resume', () => {
    const pipeline = new Pipeline();
    pipeline.pauses.add(pauseOf7);
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(1000, () => pipeline.lower(7))
      .at(50_000, () => pipeline.pauses.end(() => true))
      .runTo(400_000);
    expect(pipeline.types(7)).toEqual(['paused']);
  });

  it('R14: a refused name is refused, paused or not', () => {
    const pipeline = new Pipeline({ names: new Map([[7, '*']]) });
    pipeline.pauses.add(pause);
    pipeline.at(0, () => pipeline.raise(7)).runTo(400_000);
    expect(pipeline.types(7)).toEqual(['refused', 'noted']);
  });

  it('R9: an open breaker that is due lets no cycle run until resume, then exactly one', () => {
    const pipeline: Pipeline = new Pipeline({
      maxFailures: 1,
      resetTimeMs: 10_000,
      settings: { maxAttempts: 1 },
      health: () => ({
        takesMs: 1,
        verdict: pipeline.now < 20_000 ? UNHEALTHY : { healthy: true, detail: '' },
      }),
    });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(6000, () => pipeline.pauses.add(pauseOf7))
      .at(50_000, () => pipeline.pauses.end(() => true))
      .runTo(60_000);
    expect(pipeline.restarts).toHaveLength(2);
    expect(pipeline.restarts[1]?.from).toBeGreaterThanOrEqual(50_000);
    expect(pipeline.breakers.get(7).state).toBe('closed');
    expect(pipeline.types(7)).toContain('paused');
  });
});

describe('a pause that comes during a cycle', () => {
  it('lets the cycle finish, its clear included', () => {
    const pipeline = new Pipeline({ restart: () => ({ takesMs: 1000 }) });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(500, () => pipeline.pauses.add(pauseOf7))
      // A reconcile that finds the alarm of this cycle standing asks for one more check (R7).
      .at(600, () => pipeline.reconcileRequests.next('manual'))
      .runTo(10_000);
    expect(pipeline.types(7)).toEqual([
      'detected',
      'attempt-started',
      'restarted',
      'verified',
      'rechecked',
      'cleared',
    ]);
    expect(pipeline.table.row(7)).toMatchObject({ alarma: 0 });
  });

  it('holds back a cycle that still waits for a place', () => {
    const pipeline = new Pipeline({ maxParallel: 1, restart: () => ({ takesMs: 1000 }) });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(10, () => pipeline.raise(8))
      .at(500, () => pipeline.pauses.add(pause))
      .runTo(400_000);
    expect(pipeline.types(7).at(-1)).toBe('cleared');
    expect(pipeline.types(8)).toEqual(['detected', 'paused']);
    pipeline.at(400_000, () => pipeline.pauses.end(() => true)).runTo(500_000);
    expect(pipeline.types(8)).toEqual(['detected', 'paused', ...ANSWERED]);
  });

  it('R7, R12: a raise that our own clear overwrote stands again, and is answered on resume', () => {
    const pipeline = new Pipeline({ write: () => ({ takesMs: 1000 }), eventAfterMs: () => 5 });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(100, () => pipeline.pauses.add(pauseOf7))
      // The clear is on its way since about 12 ms and is written at about 512 ms.
      .at(480, () => pipeline.lower(7))
      .at(490, () => pipeline.raise(7))
      .runTo(100_000);
    expect(pipeline.types(7).slice(-2)).toEqual(['paused', 'noted']);
    expect(pipeline.table.row(7)).toMatchObject({ alarma: 1, notes: expect.stringMatching(/^PAUSED /) });
    pipeline.at(100_000, () => pipeline.pauses.end(() => true)).runTo(200_000);
    expect(pipeline.table.row(7)).toMatchObject({ alarma: 0 });
    expect(pipeline.types(7).at(-1)).toBe('cleared');
  });

  it('R11: a clear that an earlier run of the service owed is made good', () => {
    const pipeline = new Pipeline({ verifiedBefore: [7], eventAfterMs: () => 1e9 });
    pipeline.pauses.add(pauseOf7);
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(10, () => pipeline.regainStream())
      .runTo(10_000);
    expect(pipeline.types(7)).toEqual(['rechecked', 'cleared', 'rechecked', 'cleared']);
  });

  it('R11: but where that process is not healthy any more, it is left alone', () => {
    const pipeline = new Pipeline({
      verifiedBefore: [7],
      eventAfterMs: () => 1e9,
      health: () => ({ takesMs: 1, verdict: UNHEALTHY }),
    });
    pipeline.pauses.add(pauseOf7);
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(10, () => pipeline.regainStream())
      .runTo(1_000_000);
    expect(
      pipeline
        .types(7)
        .filter((type) => type !== 'noted')
        .slice(0, 2),
    ).toEqual(['rechecked', 'paused']);
    expect(pipeline.types(7)).not.toContain('attempt-started');
    expect(pipeline.table.row(7)).toMatchObject({ alarma: 1 });
  });
});

describe('acknowledge = none', () => {
  it('a raise during a pause is answered on resume, although the alarm that stood before was answered', () => {
    const pipeline = new Pipeline({ acknowledges: () => false });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(10_000, () => pipeline.pauses.add(pauseOf7))
      .at(20_000, () => pipeline.lower(7))
      .at(20_001, () => pipeline.raise(7))
      .at(50_000, () => pipeline.pauses.end(() => true))
      .runTo(60_000);
    expect(pipeline.restarts).toHaveLength(2);
    expect(pipeline.types(7).slice(-5)).toEqual([...ANSWERED.slice(0, -1), 'answered']);
  });

  it('what was answered before is new when it is raised during a pause, even where nobody saw it at 0', () => {
    const alarm = {
      ...createRequestedAlarm(7, 'p7', '', { seenAt: 0, steadyAt: 0 }, new LogicalClock()),
      trigger: 'binlog',
      raised: true,
    } as const;
    const suppressed = new SuppressedAlarms(new HandledAlarms([7]), () => false);
    suppressed.onEvent({ type: 'paused', alarm, pause: pauseOf7, processId: 7, processName: 'p7', at: 0 }, 1);
    suppressed.releasePaused(() => false);
    expect(suppressed.isSuppressed({ ...alarm, raised: false })).toBe(false);
  });

  it('a cycle without an alarm answers none: the next one is a new one', () => {
    const pipeline = new Pipeline({ acknowledges: () => false, checkIntervalMs: 60_000 });
    pipeline
      .at(0, () => pipeline.loseStream())
      .at(1, () => pipeline.request(7))
      .at(1000, () => pipeline.raise(7))
      .runTo(10_000);
    expect(pipeline.types(7)).toEqual([...ANSWERED, ...ANSWERED.slice(0, -1), 'answered']);
  });
});

function detections({ events }: Pipeline): string[] {
  const detected = (event: CycleEvent): string[] =>
    event.type === 'detected' ? [`${event.alarm.seenAt} ${event.alarm.trigger}`] : [];
  return events.flatMap(detected);
}
