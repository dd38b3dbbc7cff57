import { defer, delay, of, VirtualTimeScheduler } from 'rxjs';
import { describe, expect, it } from 'vitest';
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

  it('a loop that is late for ever comes to a verdict too', () => {
    const always = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [index * 100 + 50, 1000]));
    expect(check(['ill'], always)).toEqual({ made: 4, verdicts: ['ill'] });
  });
});
