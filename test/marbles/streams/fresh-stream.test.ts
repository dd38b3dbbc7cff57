import { catchError, map, type Observable, of, take, tap, throwError, timer } from 'rxjs';
import { describe, it } from 'vitest';
import { BinlogError, type BinlogSignal } from '../../../src/domain/alarm/binlog-signal.js';
import type { Beat } from '../../../src/domain/alarm/relay-freshness.js';
import { freshStream } from '../../../src/streams/fresh-stream.js';
import { type Marbles, marbles } from '../../support/marbles.js';

const RAISED: BinlogSignal = { kind: 'raised', processId: 7, notes: null };
const SIGNALS = { s: { kind: 'streaming' } as BinlogSignal, r: RAISED };

const toBeat = (count: number): Beat => ({ serverId: 21, count });

/** The primary is asked every 5 ms, the limit is 15 ms; `beats` are those of the relay. */
function setUp(
  { scheduler, hot, cold }: Marbles,
  { stream = 's', beats, ask }: { stream?: string; beats: string; ask: () => Observable<number> },
) {
  return freshStream({
    stream: cold(stream, SIGNALS),
    beats: hot(beats).pipe(map(Number), map(toBeat)),
    askPrimary: () => ask().pipe(map(toBeat)),
    primaryChanged: timer(1e9, scheduler),
    event: 'fleet_heartbeat',
    everyMs: 5,
    limitMs: 15,
    onLag: () => {},
    scheduler,
    now: () => scheduler.now(),
    random: () => 1,
  }).pipe(map(({ kind }) => kind[0]));
}

const counting =
  ({ scheduler }: Marbles) =>
  () =>
    of(1 + Math.floor(scheduler.now() / 5));

describe('R38: freshStream', () => {
  it('is up when the relay has shown what the primary had, and passes row changes before', () => {
    marbles((helpers) => {
      const ask = counting(helpers);
      const source = setUp(helpers, { stream: 's-r', beats: '---1-2----3----4----5', ask });
      helpers.expectObservable(source, '18ms !').toBe('--rs');
    });
  });

  it('errors when the relay is behind for the limit', () => {
    marbles((helpers) => {
      const source = setUp(helpers, { beats: '-1', ask: counting(helpers) });
      // HttpRequest at 0 (1), 5 (2), 10 (3), 15 (4): the relay has shown nothing since 1.
      helpers
        .expectObservable(source.pipe(messages()))
        .toBe('-s--------------#', undefined, 'the relay is 0 s behind the primary, or shows no heartbeat');
    });
  });

  it('blames the primary if that stands still', () => {
    marbles((helpers) => {
      const source = setUp(helpers, { beats: '', ask: () => of(1) });
      helpers
        .expectObservable(source.pipe(messages()))
        .toBe(
          '---------------#',
          undefined,
          'the heartbeat of the primary has stood still for 0 s: its event scheduler is off, or the event disabled',
        );
    });
  });

  it('judges nothing while the primary does not answer', () => {
    marbles((helpers) => {
      let isAway = false;
      const ask = (): Observable<number> =>
        isAway ? throwError(() => new Error('away')) : of(1).pipe(tap(() => (isAway = true)));
      const source = setUp(helpers, { beats: '-1', ask });
      helpers.expectObservable(source, '99ms !').toBe('-s');
    });
  });

  it('errors if the primary has no heartbeat', () => {
    marbles((helpers) => {
      const error = new BinlogError('none', { isConfiguration: true, isOfPrimary: true });
      const source = setUp(helpers, { beats: '-1', ask: () => throwError(() => error) });
      helpers.expectObservable(source.pipe(take(9))).toBe('#', undefined, error);
    });
  });
});

/** Errors are compared by their message. */
function messages() {
  return catchError<string | undefined, Observable<never>>((error: Error) => throwError(() => error.message));
}
