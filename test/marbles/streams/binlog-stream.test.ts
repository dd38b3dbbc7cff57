import { NEVER, type Observable, of, type SchedulerLike, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  BinlogError,
  type BinlogSignal,
  type StreamSignal,
} from '../../../src/domain/alarm/binlog-signal.js';
import { DATABASE_BACKOFF } from '../../../src/domain/backoff.js';
import { binlogStream } from '../../../src/streams/binlog-stream.js';
import { marbles } from '../../support/marbles.js';

const GONE = new BinlogError('gone');
const ALTERED = new BinlogError('altered', { retryAtOnce: true });
const OFF = new BinlogError('log_bin is OFF', { isConfiguration: true });
const up: BinlogSignal = { kind: 'streaming' };
const raised: BinlogSignal = { kind: 'raised', processId: 7, notes: null };

describe('R1, R6: the binlog over all its connections', () => {
  it('a lost connection is told and made again after a back-off that grows', () => {
    marbles(({ cold, scheduler, expectObservable, expectSubscriptions }) => {
      // 75 % of 100, 200 and 400 ms.
      const connection = cold<BinlogSignal>('-u-r-#', { u: up, r: raised }, GONE);
      const expected = '-u-r-l 74ms -u-r-m 149ms -u-r-n';
      expectObservable(
        stream(scheduler, () => connection),
        '246ms !',
      ).toBe(expected, {
        u: up,
        r: raised,
        l: lost(GONE, 75, 4),
        m: lost(GONE, 150, 4),
        n: lost(GONE, 300, 4),
      });
      expectSubscriptions(connection.subscriptions).toBe(['^----!', '80ms ^----!', '235ms ^----!']);
    });
  });

  it('a connection that lasted begins the back-off anew', () => {
    marbles(({ cold, scheduler, expectObservable }) => {
      const connections = [
        cold<BinlogSignal>('#', {}, GONE),
        cold<BinlogSignal>('u 9999ms #', { u: up }, GONE),
      ];
      const connect = (): Observable<BinlogSignal> => connections.shift() ?? NEVER;
      expectObservable(stream(scheduler, connect), '20s !').toBe('l 74ms u 9999ms m', {
        u: up,
        l: lost(GONE, 75, undefined),
        m: lost(GONE, 75, 10_000),
      });
    });
  });

  it('R6: where the configuration is the cause it is tried again at the configured interval only', () => {
    marbles(({ scheduler, expectObservable }) => {
      const connect = (): Observable<BinlogSignal> => throwError(() => OFF);
      // With random = 0.5 a twentieth is taken off.
      const l = lost(OFF, 57_000, undefined);
      expectObservable(stream(scheduler, connect), '130s !').toBe('l 56999ms l 56999ms l', { l });
    });
  });

  it('R4: where our table was altered it is begun anew at once', () => {
    marbles(({ cold, scheduler, expectObservable }) => {
      const connections = [
        cold<BinlogSignal>('u--#', { u: up }, ALTERED),
        cold<BinlogSignal>('--u', { u: up }),
      ];
      const connect = (): Observable<BinlogSignal> => connections.shift() ?? NEVER;
      expectObservable(stream(scheduler, connect), '50ms !').toBe('u--l-u', {
        u: up,
        l: lost(ALTERED, 0, 3),
      });
    });
  });

  it('R13: whatever is thrown is a lost connection, and so is one that just ends', () => {
    marbles(({ scheduler, expectObservable }) => {
      const ways = [
        (): Observable<BinlogSignal> => {
          throw new TypeError('odd');
        },
        () => of(up),
      ];
      const connect = (): Observable<BinlogSignal> => (ways.shift() ?? (() => NEVER))();
      expectObservable(stream(scheduler, connect), '1s !').toBe('l 74ms (um)', {
        u: up,
        l: lost(new BinlogError('odd'), 75, undefined),
        m: lost(new BinlogError('the connection was closed'), 150, 0),
      });
    });
  });

  it('who leaves ends the connection', () => {
    marbles(({ cold, scheduler, expectObservable, expectSubscriptions }) => {
      const connection = cold<BinlogSignal>('u', { u: up });
      expectObservable(
        stream(scheduler, () => connection),
        '---!',
      ).toBe('u', { u: up });
      expectSubscriptions(connection.subscriptions).toBe('^--!');
    });
  });
});

function stream(scheduler: SchedulerLike, connect: () => Observable<BinlogSignal>): Observable<StreamSignal> {
  return binlogStream({
    connect,
    backoff: DATABASE_BACKOFF,
    toBinlogError: (error) =>
      error instanceof BinlogError ? error : new BinlogError(error instanceof Error ? error.message : 'odd'),
    configurationRetryMs: 60_000,
    retryNow: NEVER,
    scheduler,
    random: () => 0.5,
  });
}

function lost(error: BinlogError, retryInMs: number, wasUpForMs: number | undefined): StreamSignal {
  return { kind: 'lost', error, retryInMs, wasUpForMs };
}

describe('the errors of the binlog', () => {
  it('are retryable, every one', () => {
    expect([GONE, ALTERED, OFF].every(({ retryable }) => retryable)).toBe(true);
  });
});
