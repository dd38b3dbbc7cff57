import { asyncScheduler, defer, delay, of, Subject, VirtualTimeScheduler } from 'rxjs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { repeatIfLate } from '../../../src/operators/repeat-if-late.js';

/** The clock runs on while nothing else happens, as in an event loop that is busy: at each of these times, ms, by so much. */
class BusyScheduler extends VirtualTimeScheduler {
  constructor(private readonly busy: ReadonlyMap<number, number>) {
    super(undefined, Number.POSITIVE_INFINITY);
    this.now = () => {
      let lostMs = 0;
      for (const [at, ms] of this.busy) if (this.frame >= at) lostMs += ms;
      return this.frame + lostMs;
    };
  }
}

/** A check of 1 s that answers so; returns how often it was made, and the verdict. */
function check(answers: readonly string[], busy: Readonly<Record<number, number>> = {}) {
  const scheduler = new BusyScheduler(new Map(Object.entries(busy).map(([at, ms]) => [Number(at), ms])));
  const verdicts: string[] = [];
  let made = 0;
  defer(() => {
    made += 1;
    return of(answers[made - 1] ?? answers.at(-1) ?? '').pipe(delay(1000, scheduler));
  })
    .pipe(repeatIfLate((verdict) => verdict === 'healthy', scheduler))
    .subscribe((verdict) => verdicts.push(verdict));
  scheduler.flush();
  return { made, verdicts };
}

describe('R21: no verdict of unhealthy while our own event loop is late', () => {
  it('what is healthy is believed at once, and what is not as well while the loop is in time', () => {
    expect(check(['healthy'], { 500: 5000 })).toEqual({ made: 1, verdicts: ['healthy'] });
    expect(check(['ill', 'healthy'])).toEqual({ made: 1, verdicts: ['ill'] });
    expect(check(['ill', 'healthy'], { 500: 200 })).toEqual({ made: 1, verdicts: ['ill'] });
  });

  it('a check in which the loop was late is repeated', () => {
    expect(check(['ill', 'healthy'], { 500: 5000 })).toEqual({ made: 2, verdicts: ['healthy'] });
    expect(check(['ill', 'ill', 'healthy'], { 500: 5000 })).toEqual({ made: 2, verdicts: ['ill'] });
  });

  it('late is more than 250 ms beyond the tick of 100 ms', () => {
    expect(check(['ill', 'healthy'], { 550: 250 }).made).toBe(1);
    expect(check(['ill', 'healthy'], { 550: 251 }).made).toBe(2);
    // Each tick is judged by itself.
    expect(check(['ill', 'healthy'], { 350: 200, 450: 200, 550: 200 }).made).toBe(1);
  });

  it('so is one in which the loop was late right before the answer', () => {
    const scheduler = new BusyScheduler(new Map([[50, 1000]]));
    const seen: string[] = [];
    let made = 0;
    const once = defer(() => {
      made += 1;
      return of(`ill ${made}`).pipe(delay(60, scheduler));
    });
    once.pipe(repeatIfLate(() => false, scheduler)).subscribe((verdict) => seen.push(verdict));
    scheduler.flush();
    expect(seen).toEqual(['ill 2']);
  });

  it('a verdict is repeated three times at most', () => {
    const always = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [index * 100 + 50, 1000]));
    expect(check(['ill', 'ill', 'ill', 'healthy', 'never'], always)).toEqual({
      made: 4,
      verdicts: ['healthy'],
    });
  });

  it('nothing ticks when the verdict is there, when the check fails, or when nobody waits for it', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const operator = repeatIfLate<string>(() => true, asyncScheduler);
    const [answering, failing] = [new Subject<string>(), new Subject<string>()];
    const left = answering.pipe(operator).subscribe();
    answering.pipe(operator).subscribe();
    failing.pipe(operator).subscribe({ error: () => {} });
    expect(vi.getTimerCount()).toBe(3);
    left.unsubscribe();
    expect(vi.getTimerCount()).toBe(2);
    answering.next('healthy');
    expect(vi.getTimerCount()).toBe(1);
    failing.error(new Error('check failed'));
    expect(vi.getTimerCount()).toBe(0);
  });

  it('a loop that is late for ever comes to a verdict too', () => {
    const always = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [index * 100 + 50, 1000]));
    expect(check(['ill'], always)).toEqual({ made: 4, verdicts: ['ill'] });
  });
});
