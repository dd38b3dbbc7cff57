import { NEVER, type ObservableInput, of, Subject, throwError } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AlarmSignal } from '../../../src/domain/alarm/alarm.js';
import { LogicalClock } from '../../../src/domain/logical-clock.js';
import { CycleCapacity } from '../../../src/operators/cycle-capacity.js';
import { oneCyclePerProcess } from '../../../src/operators/one-cycle-per-process.js';
import { watchdogPings } from '../../../src/service/watchdog.js';

const EVERY_MS = 1000;
const AS_WANTED = { everyMs: EVERY_MS };

describe('watchdogPings', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const signals = new Subject<AlarmSignal>();
  function startPipeline() {
    const cycle = () => NEVER;
    return signals
      .pipe(
        oneCyclePerProcess({
          cycle,
          isSuccess: () => false,
          onError: String,
          onStale() {},
          onNoRoom() {},
          capacity: new CycleCapacity(() => ({ page: 1, fromTable: 1, total: 1 })),
          clock: new LogicalClock(),
        }),
      )
      .subscribe();
  }
  function countSigns(
    tableSilentForMs: () => number,
    { everyMs }: { everyMs: number | undefined } = AS_WANTED,
    touchFile: () => ObservableInput<unknown> = () => of(undefined),
  ) {
    const seen = { signs: 0 };
    const subscription = watchdogPings({
      everyMs,
      send: (signal) => signals.next(signal),
      tableSilentForMs,
      longestSilenceMs: () => 300_000,
      touchFile,
    }).subscribe(() => {
      seen.signs += 1;
    });
    return { seen, subscription };
  }

  it('gives a sign for every probe that passes through the pipeline', () => {
    const pipeline = startPipeline();
    const { seen, subscription } = countSigns(() => 0);
    vi.advanceTimersByTime(3 * EVERY_MS);
    expect(seen.signs).toBe(3);
    subscription.unsubscribe();
    pipeline.unsubscribe();
  });

  it('R33: falls silent when no thread does a file operation any more', () => {
    const pipeline = startPipeline();
    let touches = 0;
    const { seen, subscription } = countSigns(
      () => 0,
      AS_WANTED,
      () => {
        touches += 1;
        return touches === 1 ? of(undefined) : NEVER;
      },
    );
    vi.advanceTimersByTime(3 * EVERY_MS);
    expect(seen.signs).toBe(1);
    subscription.unsubscribe();
    pipeline.unsubscribe();
  });

  it('R13: a folder that is missing is an answer', () => {
    const pipeline = startPipeline();
    const { seen, subscription } = countSigns(
      () => 0,
      AS_WANTED,
      () => throwError(() => new Error('ENOENT')),
    );
    vi.advanceTimersByTime(3 * EVERY_MS);
    expect(seen.signs).toBe(3);
    subscription.unsubscribe();
    pipeline.unsubscribe();
  });

  it('falls silent when the pipeline no longer takes anything', () => {
    const pipeline = startPipeline();
    const { seen, subscription } = countSigns(() => 0);
    vi.advanceTimersByTime(EVERY_MS);
    pipeline.unsubscribe();
    vi.advanceTimersByTime(3 * EVERY_MS);
    expect(seen.signs).toBe(1);
    subscription.unsubscribe();
  });

  it('falls silent while the table is not read although it is long due, and speaks again when it is', () => {
    const pipeline = startPipeline();
    let silentForMs = 300_000;
    const { seen, subscription } = countSigns(() => silentForMs);
    vi.advanceTimersByTime(EVERY_MS);
    silentForMs = 400_000;
    vi.advanceTimersByTime(EVERY_MS);
    expect(seen.signs).toBe(1);
    silentForMs = 0;
    vi.advanceTimersByTime(EVERY_MS);
    expect(seen.signs).toBe(2);
    subscription.unsubscribe();
    pipeline.unsubscribe();
  });

  it('gives none where there is no watchdog', () => {
    const pipeline = startPipeline();
    const { seen } = countSigns(() => 0, { everyMs: undefined });
    vi.advanceTimersByTime(10 * EVERY_MS);
    expect(seen.signs).toBe(0);
    pipeline.unsubscribe();
  });
});
