import { VirtualTimeScheduler } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Pause } from '../../../src/domain/cycle/pause.js';
import { Pauses } from '../../../src/state/pauses.js';

const DAY_MS = 86_400_000;
const pause = (processName: string, until?: number): Pause => ({
  processName,
  since: 0,
  by: 'alice',
  ...(until === undefined ? {} : { until }),
});

describe('the pauses and their timer', () => {
  it('one with a time ends by itself, then, and is told of', () => {
    const { pauses, told, runTo } = open();
    pauses.add(pause('httpd', 90_000));
    runTo(89_999);
    expect(pauses.activeFor('httpd')).toBeDefined();
    expect(told).toEqual(['0 changed']);
    runTo(90_000);
    expect(pauses.activeFor('httpd')).toBeUndefined();
    expect(told).toEqual(['0 changed', '90000 changed', '90000 httpd by itself']);
  });

  it('one without a time lasts until it is lifted', () => {
    const { pauses, told, runTo } = open();
    pauses.add(pause('httpd'));
    runTo(100 * DAY_MS);
    expect(pauses.activeFor('httpd')).toBeDefined();
    expect(pauses.end(({ processName }) => processName === 'nginx')).toEqual([]);
    expect(pauses.end(({ processName }) => processName === 'httpd')).toEqual([pause('httpd')]);
    expect(pauses.activeFor('httpd')).toBeUndefined();
    expect(told.slice(1)).toEqual([`${100 * DAY_MS} changed`, `${100 * DAY_MS} httpd lifted`]);
  });

  it('one of weeks ends then: no timer waits longer than it can', () => {
    const { pauses, scheduler, told, runTo } = open();
    pauses.add(pause('httpd', 50 * DAY_MS));
    // The wall clock may be set meanwhile, too: it is looked at every minute.
    expect(scheduler.actions.map(({ delay }) => delay)).toEqual([60_000]);
    runTo(51 * DAY_MS);
    expect(told.at(-1)).toBe(`${50 * DAY_MS} httpd by itself`);
  });

  it('several end each at its own time, and a longer one in place of a shorter', () => {
    const { pauses, told, runTo } = open();
    pauses.add(pause('a', 2000));
    pauses.add(pause('b', 1000));
    pauses.add(pause('a', 3000));
    runTo(5000);
    expect(told.filter((line) => line.includes('itself'))).toEqual(['1000 b by itself', '3000 a by itself']);
  });

  it('R11: what is left of a saved one holds on; one that ended meanwhile is gone', () => {
    const { pauses, told, runTo } = open([pause('a', 2000), pause('gone', 0), pause('b')]);
    expect(pauses.snapshot()).toEqual([pause('a', 2000), pause('b')]);
    runTo(5000);
    expect(told.filter((line) => line.includes('itself'))).toEqual(['2000 a by itself']);
  });

  it('a wall clock that runs ahead of the timers ends it as well', () => {
    const { pauses, scheduler, told, runTo } = open();
    pauses.add(pause('httpd', 10 * DAY_MS));
    runTo(1000);
    scheduler.frame = 11 * DAY_MS;
    expect(pauses.activeFor('httpd')).toBeUndefined();
    expect(pauses.snapshot()).toEqual([]);
    runTo(11 * DAY_MS + 60_000);
    expect(told.at(-1)).toMatch(/httpd by itself/);
  });

  it('leaves no timer behind', () => {
    const { pauses, scheduler, runTo } = open();
    pauses.add(pause('a', 1000));
    pauses.add(pause('b', 2000));
    pauses.stop();
    runTo(5000);
    expect(scheduler.actions.filter((action) => !action.closed)).toEqual([]);
    expect(pauses.snapshot()).toEqual([]);
  });
});

function open(saved: readonly Pause[] = []) {
  const scheduler = new VirtualTimeScheduler(undefined, 0);
  const pauses = new Pauses(scheduler, saved);
  const told: string[] = [];
  pauses.changed.subscribe(() => told.push(`${scheduler.now()} changed`));
  pauses.ended.subscribe(({ pause: ended, byItself }) =>
    told.push(`${scheduler.now()} ${ended.processName} ${byItself ? 'by itself' : 'lifted'}`),
  );
  const runTo = (ms: number): void => {
    scheduler.maxFrames = ms;
    scheduler.flush();
    scheduler.frame = ms;
  };
  return { scheduler, pauses, told, runTo };
}
