import {
  catchError,
  EMPTY,
  filter,
  from,
  interval,
  map,
  Observable,
  type ObservableInput,
  of,
  switchMap,
} from 'rxjs';
import type { AlarmSignal } from '../domain/alarm/alarm.js';

interface WatchdogOptions {
  /** How often to ping, in ms; undefined if systemd does not ask for pings. */
  readonly everyMs: number | undefined;
  /** Sends a signal through the alarm pipeline. */
  readonly send: (signal: AlarmSignal) => void;
  /** Ms since the last reading of the table ended, with or without success. */
  readonly tableSilentForMs: () => number;
  /** The longest time between two readings in normal operation, in ms. */
  readonly longestSilenceMs: () => number;
  /** One look at the folder of the state file, by a thread of libuv. A failure is an answer. */
  readonly touchFile: () => ObservableInput<unknown>;
}

/** Allowed on top of the longest silence, in ms: the deadlines of a connection and of a statement, and a reserve. */
const SLACK_MS = 60_000;

/**
 * Emits when the service has just proved that it works: a probe passed through the pipeline to the point where an
 * alarm gets its cycle, the folder of the state file answered, and the last reading of the table ended in time, with or
 * without success. Falls silent when the event loop blocks, when that folder or all threads hang (R33), when the
 * pipeline has ended or takes no alarms, and when the reading of the table hangs. A database that is away does not
 * silence it, because the service works on without one.
 */
export function watchdogPings(options: WatchdogOptions): Observable<void> {
  const { everyMs, send, tableSilentForMs, longestSilenceMs, touchFile } = options;
  if (everyMs === undefined) return EMPTY;
  const probe = new Observable<void>((subscriber) => {
    send({ kind: 'probe', passed: () => subscriber.next() });
  });
  return interval(everyMs).pipe(
    // The next probe replaces one that never arrived.
    switchMap(() => probe.pipe(switchMap(() => from(touchFile()).pipe(catchError(() => of(undefined)))))),
    map(() => undefined),
    filter(() => tableSilentForMs() <= longestSilenceMs() + SLACK_MS),
  );
}
