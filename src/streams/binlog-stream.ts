import { defer, type Observable, type SchedulerLike } from 'rxjs';
import type { BinlogError, BinlogSignal, StreamSignal } from '../domain/alarm/binlog.js';
import { reconnect } from '../operators/reconnect.js';

interface BinlogStreamOptions {
  /** A new connection, with whatever must be known about the table before. */
  readonly connect: () => Observable<BinlogSignal>;
  readonly toBinlogError: (error: unknown) => BinlogError;
  /** How long to wait where the server's configuration is the cause (R6), ms. */
  readonly configurationRetryMs: number;
  readonly scheduler: SchedulerLike;
  readonly random: () => number;
}

const BACKOFF = { firstMs: 100, maxMs: 30_000 };
const SUSTAINED_MS = 10_000;

/** Keeps a binlog connection up for ever: a new one after every error, from the then end of the binlog (R1). */
export function binlogStream(options: BinlogStreamOptions): Observable<StreamSignal> {
  const { toBinlogError, scheduler, random } = options;
  return defer(options.connect).pipe(
    reconnect<StreamSignal>({
      backoff: BACKOFF,
      sustainedMs: SUSTAINED_MS,
      isUp: ({ kind }) => kind === 'streaming',
      delayFor: (error) => {
        const { retryAtOnce, isConfiguration } = toBinlogError(error);
        if (retryAtOnce) return 0;
        return isConfiguration ? options.configurationRetryMs : undefined;
      },
      lost: (error, retryInMs, wasUpForMs) => ({
        kind: 'lost',
        error: toBinlogError(error),
        retryInMs,
        wasUpForMs,
      }),
      scheduler,
      random,
    }),
  );
}
