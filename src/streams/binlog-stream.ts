import { defer, type Observable, type SchedulerLike } from 'rxjs';
import type { BinlogError, BinlogSignal, StreamSignal } from '../domain/alarm/binlog-signal.js';
import type { Backoff } from '../domain/backoff.js';
import { jittered } from '../domain/jitter.js';
import { reconnect } from '../operators/reconnect.js';

interface BinlogStreamOptions {
  /** Opens a new connection, after reading what must be known about the table. */
  readonly connect: () => Observable<BinlogSignal>;
  readonly toBinlogError: (error: unknown) => BinlogError;
  readonly backoff: Backoff;
  /** Delay if the configuration of the server is the cause (R6), in ms. */
  readonly configurationRetryMs: number;
  /** Emits when the database can be read again: then the stream is tried at once. */
  readonly retryNow: Observable<unknown>;
  readonly scheduler: SchedulerLike;
  readonly random: () => number;
}

/** A connection that worked this long resets the back-off, in ms. */
const SUSTAINED_MS = 10_000;

/**
 * Keeps a binlog connection open. Replaces it after every error; the new one starts at the current end of the binlog
 * (R1). Never ends and never errors.
 */
export function binlogStream(options: BinlogStreamOptions): Observable<StreamSignal> {
  const { backoff, toBinlogError, scheduler, random } = options;
  return defer(options.connect).pipe(
    reconnect<StreamSignal>({
      backoff,
      sustainedMs: SUSTAINED_MS,
      isUp: ({ kind }) => kind === 'streaming',
      delayFor: (error) => {
        const { retryAtOnce, isConfiguration } = toBinlogError(error);
        if (retryAtOnce) return 0;
        return isConfiguration ? jittered(options.configurationRetryMs, random) : undefined;
      },
      lost: (error, retryInMs, wasUpForMs) => ({
        kind: 'lost',
        error: toBinlogError(error),
        retryInMs,
        wasUpForMs,
      }),
      retryNow: options.retryNow,
      scheduler,
      random,
    }),
  );
}
