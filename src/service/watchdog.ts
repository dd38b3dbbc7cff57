import { EMPTY, filter, interval, Observable, switchMap } from 'rxjs';
import type { AlarmSignal } from '../domain/alarm/alarm.js';

interface WatchdogOptions {
  /** Undefined: nobody wants any. */
  readonly everyMs: number | undefined;
  /** Takes a signal the way that every alarm takes. */
  readonly send: (signal: AlarmSignal) => void;
  /** Ms since the table was last read, with or without success. */
  readonly tableSilentForMs: () => number;
  /** The longest time between two readings when all is well, ms. */
  readonly longestSilenceMs: () => number;
}

/** Beyond the longest silence: the deadlines of a connection and of a statement, and some more. */
const SLACK_MS = 60_000;

/**
 * Emits when the service has just proved that it works: a probe went through the pipeline, to where an alarm gets its
 * cycle, and the table was read, or its reading failed, when it was due. It falls silent when the event loop stands
 * still, when the pipeline has ended or no longer takes alarms, and when the loop that reads the table is stuck. A
 * database that is away silences nothing: the service works on without it.
 */
export function watchdogPings(options: WatchdogOptions): Observable<void> {
  const { everyMs, send, tableSilentForMs, longestSilenceMs } = options;
  if (everyMs === undefined) return EMPTY;
  const probe = new Observable<void>((subscriber) => {
    send({ kind: 'probe', passed: () => subscriber.next() });
  });
  return interval(everyMs).pipe(
    // A probe that never arrives is given up for the next one.
    switchMap(() => probe),
    filter(() => tableSilentForMs() <= longestSilenceMs() + SLACK_MS),
  );
}
