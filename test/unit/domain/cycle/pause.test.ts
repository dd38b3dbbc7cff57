import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  activePauseOf,
  describePause,
  nextPauseEnd,
  type Pause,
  replacePause,
  splitExpired,
} from '../../../../src/domain/cycle/pause.js';

const all = (until?: number): Pause => ({ since: 0, by: 'root', ...(until === undefined ? {} : { until }) });
const of = (processName: string, until?: number): Pause => ({ ...all(until), processName });

describe('a pause', () => {
  it('holds the process that it names, or every one', () => {
    expect(activePauseOf([of('httpd')], 'httpd', 5)).toEqual(of('httpd'));
    expect(activePauseOf([of('httpd')], 'nginx', 5)).toBeUndefined();
    expect(activePauseOf([all()], 'nginx', 5)).toEqual(all());
    const ofRow7 = { ...of('httpd'), processIds: [7] };
    expect(activePauseOf([ofRow7], 'httpd', 5, 7)).toEqual(ofRow7);
    expect(activePauseOf([ofRow7], 'httpd', 5, 8)).toBeUndefined();
    expect(activePauseOf([ofRow7], 'httpd', 5)).toEqual(ofRow7);
    expect(activePauseOf([of('httpd')], 'httpd', 5, 8)).toEqual(of('httpd'));
  });

  it('holds both spellings of a unit, and is replaced by one of the other spelling', () => {
    expect(activePauseOf([of('mysqld')], 'mysqld.service', 5)).toEqual(of('mysqld'));
    expect(activePauseOf([of('mysqld.service')], 'mysqld', 5)).toEqual(of('mysqld.service'));
    expect(replacePause([of('mysqld'), all()], of('mysqld.service', 9))).toEqual([
      all(),
      of('mysqld.service', 9),
    ]);
  });

  it('is over at its end, to the millisecond', () => {
    expect(activePauseOf([of('httpd', 10)], 'httpd', 9)).toEqual(of('httpd', 10));
    expect(activePauseOf([of('httpd', 10)], 'httpd', 10)).toBeUndefined();
  });

  it('that lasts longest is the one that holds, whatever their order', () => {
    for (const pauses of [
      [of('httpd', 10), all(20)],
      [all(20), of('httpd', 10)],
    ]) {
      expect(activePauseOf(pauses, 'httpd', 5)).toEqual(all(20));
      expect(activePauseOf(pauses, 'httpd', 15)).toEqual(all(20));
    }
    expect(activePauseOf([all(20), of('httpd')], 'httpd', 5)).toEqual(of('httpd'));
  });

  it('takes the place of an earlier one of the same process', () => {
    expect(replacePause([of('httpd', 10), all(20)], of('httpd', 5))).toEqual([all(20), of('httpd', 5)]);
    expect(replacePause([of('httpd', 10), all(20)], all(5))).toEqual([of('httpd', 10), all(5)]);
  });

  it('ends in turn', () => {
    expect(nextPauseEnd([all(), of('a', 9), of('b', 7)])).toBe(7);
    expect(nextPauseEnd([all()])).toBe(Number.POSITIVE_INFINITY);
    expect(nextPauseEnd([])).toBe(Number.POSITIVE_INFINITY);
  });

  it('holds exactly as long as it has not expired', () => {
    const times = fc.option(fc.nat(50), { nil: undefined });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', undefined), times)),
        fc.nat(60),
        (drawn, now) => {
          const pauses = drawn.map(([name, until]) => (name === undefined ? all(until) : of(name, until)));
          const { standing, expired } = splitExpired(pauses, now);
          expect(standing.length + expired.length).toBe(pauses.length);
          expect(activePauseOf(pauses, 'a', now)).toEqual(activePauseOf(standing, 'a', now));
          expect(activePauseOf(expired, 'a', now)).toBeUndefined();
          expect(nextPauseEnd(standing)).toBeGreaterThan(now);
        },
      ),
    );
  });

  it('says until when, by whom and why', () => {
    expect(describePause(all())).toBe('paused by root');
    expect(describePause({ ...all(new Date(2026, 10, 22, 14, 0).getTime()), reason: 'new disks' })).toBe(
      'paused until 2026-11-22 14:00:00 by root: new disks',
    );
  });
});
