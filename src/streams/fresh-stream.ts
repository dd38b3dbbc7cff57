import {
  catchError,
  defer,
  EMPTY,
  map,
  Observable,
  repeat,
  type SchedulerLike,
  type Subscription,
  timer,
} from 'rxjs';
import { BinlogError, type BinlogSignal } from '../domain/alarm/binlog-signal.js';
import { type Beat, type Freshness, RelayFreshness } from '../domain/alarm/relay-freshness.js';
import { jittered } from '../domain/jitter.js';

interface FreshStreamOptions {
  /** The stream of the relay. */
  readonly stream: Observable<BinlogSignal>;
  /** The heartbeat as that stream shows it. Hot. */
  readonly beats: Observable<Beat>;
  /** Reads the heartbeat on the primary. Emits once; errors with a BinlogError if there is none to read. */
  readonly askPrimary: () => Observable<Beat>;
  /** The event that counts there, for people. */
  readonly event: string;
  /** Emits when another primary is used from now on. */
  readonly primaryChanged: Observable<unknown>;
  /** How often the primary is asked, in ms. */
  readonly everyMs: number;
  /** A relay that is this far behind is a stream that is down, ms. */
  readonly limitMs: number;
  /** Called with how far the relay is behind, in ms. */
  readonly onLag: (lagMs: number) => void;
  readonly scheduler: SchedulerLike;
  /** A clock that never jumps, in ms. */
  readonly now: () => number;
  readonly random: () => number;
}

/**
 * The stream of a relay, which is up only while it is fresh (R38): `streaming` is held back until the relay has shown a
 * heartbeat that the primary had after the stream began. Row changes pass at once. Errors with a BinlogError when the relay
 * is behind, or when the heartbeat of the primary stands still, which is not the fault of the relay. While the primary
 * gives no answer nothing is judged: no alarm can be raised then either.
 */
export function freshStream(options: FreshStreamOptions): Observable<BinlogSignal> {
  const { stream, beats, primaryChanged, limitMs, onLag, scheduler, now } = options;
  return new Observable((subscriber) => {
    const freshness = new RelayFreshness(limitMs);
    let isUp = false;
    let deadline: Subscription | undefined;
    /** A relay that stands still is noticed then, and not at the next question. */
    const judgeWhenDue = (): void => {
      deadline?.unsubscribe();
      const waitMs = (freshness.dueAt ?? Number.NEGATIVE_INFINITY) - now();
      if (waitMs <= 0) return;
      deadline = timer(waitMs, scheduler).subscribe(() => judge(freshness.judge(now())));
      subscriber.add(deadline);
    };
    const judge = (verdict: Freshness): void => {
      onLag(freshness.lagMs(now()));
      judgeWhenDue();
      if (verdict.is === 'behind') subscriber.error(relayIsBehind(verdict.forMs));
      else if (verdict.is === 'still') subscriber.error(primaryStandsStill(verdict.forMs, options.event));
      else if (verdict.is === 'fresh' && !isUp) {
        isUp = true;
        subscriber.next({ kind: 'streaming' });
      }
    };
    const fail = (error: unknown): void => subscriber.error(error);
    subscriber.add(beats.subscribe((beat) => judge(freshness.show(beat, now()))));
    subscriber.add(primaryChanged.subscribe(() => freshness.forgetPrimary()));
    subscriber.add(
      stream.subscribe({
        next: (signal) => {
          if (signal.kind !== 'streaming') subscriber.next(signal);
          else subscriber.add(askAgainAndAgain(options, freshness).subscribe({ next: judge, error: fail }));
        },
        error: fail,
        complete: () => subscriber.complete(),
      }),
    );
  });
}

function askAgainAndAgain(options: FreshStreamOptions, freshness: RelayFreshness): Observable<Freshness> {
  const { askPrimary, everyMs, scheduler, now, random } = options;
  return defer(() => {
    const askedAt = now();
    return askPrimary().pipe(map((beat) => freshness.hear(beat, askedAt)));
  }).pipe(
    catchError((error: unknown) => {
      if (error instanceof BinlogError) throw error;
      freshness.forgetPrimary();
      return EMPTY;
    }),
    repeat({ delay: () => timer(jittered(everyMs, random), scheduler) }),
  );
}

/** The fault is the primary's: no other relay would be fresh. */
function primaryStandsStill(forMs: number, event: string): BinlogError {
  return new BinlogError(
    `the heartbeat of the primary has stood still for ${seconds(forMs)} s: its event scheduler is off, or the event disabled`,
    {
      remedy: `on the primary type SET GLOBAL event_scheduler = ON; ALTER EVENT ${event} ENABLE; (a promoted replica has it disabled)`,
      isOfPrimary: true,
    },
  );
}

function relayIsBehind(forMs: number): BinlogError {
  return new BinlogError(`the relay is ${seconds(forMs)} s behind the primary, or shows no heartbeat`, {
    remedy:
      'look at SHOW REPLICA STATUS on the relay, whether it follows this primary, and whether it gets the table FLEET_HEARTBEAT in ROW format with full row images',
  });
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(0);
}
