import { VirtualTimeScheduler } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { EndedRun, Maintenance } from '../../../src/domain/cycle/maintenance.js';
import type { Pause } from '../../../src/domain/cycle/pause.js';
import { Pauses } from '../../../src/state/pauses.js';

/** Every minute at :10, for 20 s: virtual time begins at a full minute, in every time zone. */
const BACKUP: Maintenance = {
  name: 'backup',
  schedule: '10 * * * * *',
  durationMs: 20_000,
  processes: ['db', 'web'],
};
const NIGHT: Maintenance = { name: 'night', schedule: '40 * * * * *', durationMs: 10_000, processes: [] };

describe('maintenance by the clock', () => {
  it('begins and ends by itself, again and again, and pauses its processes alone', () => {
    const { pauses, told, runTo } = open(0, [BACKUP]);
    runTo(9999);
    expect(pauses.activeFor('db')).toBeUndefined();
    runTo(10_000);
    expect(pauses.activeFor('db')).toMatchObject({ maintenance: 'backup', since: 10_000, until: 30_000 });
    expect(pauses.activeFor('other')).toBeUndefined();
    runTo(29_999);
    expect(pauses.activeFor('web', 7)).toBeDefined();
    runTo(100_000);
    expect(pauses.snapshot()).toEqual([]);
    expect(told).toEqual([
      '10000 backup begins',
      '30000 backup is over',
      '70000 backup begins',
      '90000 backup is over',
    ]);
  });

  it('runs where the service starts in the middle of it', () => {
    const { pauses, told, runTo } = open(75_000, [BACKUP]);
    expect(told).toEqual(['75000 backup begins']);
    expect(pauses.activeFor('web')).toMatchObject({ since: 70_000, until: 90_000 });
    runTo(90_000);
    expect(told.slice(1)).toEqual(['90000 backup is over']);
  });

  it('of all processes pauses each of them', () => {
    const { pauses } = open(45_000, [NIGHT]);
    expect(pauses.activeFor('any')).toMatchObject({ maintenance: 'night' });
    expect(pauses.snapshot()).toHaveLength(1);
    expect(pauses.snapshot()[0]).not.toHaveProperty('processName');
  });

  it('that overlaps with a pause or another maintenance: what ends later holds', () => {
    const long = { ...NIGHT, name: 'long', schedule: '15 * * * * *', durationMs: 30_000 };
    const { pauses, runTo } = open(0, [BACKUP, long]);
    runTo(20_000);
    expect(pauses.activeFor('db')?.maintenance).toBe('long');
    pauses.add(pause('db', 60_000));
    pauses.add(pause('web', 25_000));
    expect(pauses.activeFor('db')?.by).toBe('alice');
    expect(pauses.activeFor('web')?.maintenance).toBe('long');
    runTo(44_999);
    expect(pauses.activeFor('web')?.maintenance).toBe('long');
    runTo(45_000);
    expect(pauses.activeFor('web')).toBeUndefined();
    expect(pauses.activeFor('db')?.by).toBe('alice');
  });

  it('R11: is ended early for one process, this time only, also after a restart of the service', () => {
    const { pauses, told, runTo } = open(15_000, [BACKUP]);
    const ended = pauses.end(({ processName }) => processName === 'db');
    expect(ended).toMatchObject([{ processName: 'db', maintenance: 'backup' }]);
    expect(told.slice(1)).toEqual(['15000 saved', '15000 db lifted']);
    expect(pauses.activeFor('db')).toBeUndefined();
    expect(pauses.activeFor('web')).toBeDefined();

    const later = open(20_000, [BACKUP], pauses.maintenance.endedEarly);
    expect(later.pauses.activeFor('db')).toBeUndefined();
    expect(later.pauses.activeFor('web')).toBeDefined();

    runTo(75_000);
    expect(told.slice(3)).toEqual(['30000 backup is over', '70000 backup begins']);
    expect(pauses.activeFor('db')).toBeDefined();
    expect(pauses.maintenance.endedEarly).toEqual([]);
  });

  it('that was ended early for all is over without another word', () => {
    const { pauses, told, runTo } = open(15_000, [BACKUP]);
    pauses.end(({ maintenance }) => maintenance === 'backup');
    expect(pauses.snapshot()).toEqual([]);
    expect(pauses.maintenance.running()).toHaveLength(1);
    runTo(60_000);
    expect(told).toEqual(['15000 backup begins', '15000 saved', '15000 db lifted', '15000 web lifted']);
    const later = open(20_000, [BACKUP], [{ maintenance: 'backup', since: 10_000, until: 30_000 }]);
    // The mark of a maintenance of all processes is none of its single ones.
    expect(later.pauses.snapshot()).toHaveLength(2);
  });

  it('ends by a reload that removes it, and as it was by one that changes it', () => {
    const { pauses, told, runTo } = open(15_000, [BACKUP, NIGHT]);
    pauses.maintenance.replace([NIGHT]);
    expect(pauses.activeFor('db')).toBeUndefined();
    pauses.maintenance.replace([BACKUP, NIGHT]);
    expect(told).toEqual(['15000 backup begins', '15000 backup ends by a reload', '15000 backup begins']);
    pauses.maintenance.replace([{ ...BACKUP, durationMs: 25_000 }]);
    expect(told.slice(3)).toEqual(['15000 backup ends by a reload', '15000 backup begins']);
    pauses.maintenance.replace([{ ...BACKUP, schedule: '50 * * * * *' }]);
    expect(told.slice(5)).toEqual(['15000 backup ends by a reload']);
    runTo(50_000);
    expect(told.slice(6)).toEqual(['50000 backup begins']);
  });

  it('R22: goes on over a reload that does not concern it', () => {
    const { pauses, told } = open(15_000, [BACKUP, NIGHT]);
    pauses.maintenance.replace([{ ...BACKUP }, { ...NIGHT, reason: 'other' }]);
    expect(told).toEqual(['15000 backup begins']);
    expect(pauses.activeFor('db')).toBeDefined();
  });

  it('stays ended early where a reload makes it longer', () => {
    const { pauses, runTo } = open(15_000, [BACKUP]);
    pauses.end(() => true);
    pauses.maintenance.replace([{ ...BACKUP, durationMs: 40_000 }]);
    // What was to be its end has passed, and the clock is read again.
    runTo(35_000);
    pauses.maintenance.replace([{ ...BACKUP, durationMs: 40_000 }, NIGHT]);
    expect(pauses.activeFor('db')).toBeUndefined();
    runTo(70_000);
    expect(pauses.snapshot()).toHaveLength(2);
  });

  it('follows a wall clock that runs ahead of the timers', () => {
    const { pauses, scheduler, told, runTo } = open(0, [{ ...BACKUP, schedule: '0 */2 * * * *' }]);
    scheduler.frame = 3 * 60_000 - 1;
    scheduler.frame = 4 * 60_000 + 5000;
    expect(pauses.activeFor('db')).toBeDefined();
    expect(pauses.snapshot()).toHaveLength(2);
    runTo(5 * 60_000);
    expect(told.at(-1)).toMatch(/backup is over/);
    scheduler.frame = 0;
    expect(pauses.activeFor('db')).toMatchObject({ since: 0 });
  });

  it('tells what comes next, and leaves no timer behind', () => {
    const { pauses, scheduler } = open(15_000, [BACKUP, NIGHT]);
    expect(pauses.maintenance.next().map(({ maintenance: { name }, since }) => [name, since])).toEqual([
      ['night', 40_000],
      ['backup', 70_000],
    ]);
    pauses.stop();
    expect(scheduler.actions.filter((action) => !action.closed)).toEqual([]);
  });
});

function pause(processName: string, until: number): Pause {
  return { processName, since: 0, until, by: 'alice' };
}

function open(at: number, maintenance: readonly Maintenance[], endedEarly: readonly EndedRun[] = []) {
  const scheduler = new VirtualTimeScheduler(undefined, 0);
  scheduler.frame = at;
  const pauses = new Pauses(scheduler, [], endedEarly);
  const told: string[] = [];
  const tell = (text: string): void => void told.push(`${scheduler.now()} ${text}`);
  pauses.maintenance.changed.subscribe(() => tell('saved'));
  pauses.ended.subscribe(({ pause: { processName }, byItself }) => {
    if (!byItself) tell(`${processName} lifted`);
  });
  pauses.maintenance.begun.subscribe(({ maintenance: { name } }) => tell(`${name} begins`));
  pauses.maintenance.ended.subscribe(
    ({
      run: {
        maintenance: { name },
      },
      byItself,
    }) => tell(`${name} ${byItself ? 'is over' : 'ends by a reload'}`),
  );
  pauses.maintenance.replace(maintenance);
  const runTo = (ms: number): void => {
    scheduler.maxFrames = ms;
    scheduler.flush();
    scheduler.frame = ms;
  };
  return { scheduler, pauses, told, runTo };
}
