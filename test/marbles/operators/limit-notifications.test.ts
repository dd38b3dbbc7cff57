import { asyncScheduler, Subject } from 'rxjs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  MAX_GROUPED,
  type Notification,
  type NotificationGroup,
  type OutgoingNotification,
} from '../../../src/domain/notification/notification.js';
import { limitNotifications } from '../../../src/operators/limit-notifications.js';
import { type Marbles, marbles } from '../../support/marbles.js';
import { notice, notification } from '../../support/telemetry/notifications.js';

const OFFERED = {
  f: notification('failed', 1),
  g: notification('failed', 2),
  l: notification('stream-lost'),
  b: notification('stream-back'),
};
const TOLD = {
  f: notice('failed', 1),
  g: notice('failed', 2),
  l: notice('stream-lost'),
  b: notice('stream-back'),
  F: notice('failed', 1, { repeated: 2 }),
};

function limited(
  { scheduler }: Marbles,
  maxPerMinute = 100,
  onTooMany: () => void = () => {},
  groupWithinMs = 0,
) {
  return limitNotifications({
    limits: () => ({ repeatAfterMs: 10, maxPerMinute, groupWithinMs }),
    onTooMany,
    scheduler,
  });
}

function grouped(helpers: Marbles, maxPerMinute = 100, onTooMany: () => void = () => {}) {
  return limited(helpers, maxPerMinute, onTooMany, 5);
}

function groupOf(...group: readonly OutgoingNotification[]): NotificationGroup {
  return { group, more: 0, dropped: 0 };
}

describe('limitNotifications', () => {
  it('lets the first through at once, counts repetitions, and tells the count', () => {
    marbles((helpers) => {
      const { hot, expectObservable, expectSubscriptions } = helpers;
      const source = hot('f-f-f-g---f|', OFFERED);
      const sub = '       ^----------!';
      const expected = '  f-----g---F|';
      expectObservable(source.pipe(limited(helpers))).toBe(expected, TOLD);
      expectSubscriptions(source.subscriptions).toBe(sub);
    });
  });

  it('a repetition that says something else than what was told last comes when its time is over', () => {
    marbles((helpers) => {
      const { hot, expectObservable } = helpers;
      const source = hot('l-b-l---------|', OFFERED);
      const expected = '  l-b-------l---|';
      expectObservable(source.pipe(limited(helpers))).toBe(expected, TOLD);
    });
  });

  it('not when it is no longer true then', () => {
    marbles((helpers) => {
      const { hot, expectObservable } = helpers;
      const source = hot('l-b-l-b-------|', OFFERED);
      const expected = '  l-b-----------|';
      expectObservable(source.pipe(limited(helpers))).toBe(expected, TOLD);
    });
  });

  it('the end of the source waits for nothing, nor does who leaves', () => {
    marbles((helpers) => {
      const { hot, expectObservable, expectSubscriptions } = helpers;
      const source = hot('l-b-l-|', OFFERED);
      const expected = '  l-b---|';
      const leaving = hot('l-b-l---------', OFFERED);
      const unsub = '      ^------!';
      const seen = '       l-b-----------';
      expectObservable(source.pipe(limited(helpers))).toBe(expected, TOLD);
      expectObservable(leaving.pipe(limited(helpers)), unsub).toBe(seen, TOLD);
      expectSubscriptions(leaving.subscriptions).toBe(unsub);
    });
  });

  it('has one timer while something is held back, and none when it is left', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const source = new Subject<Notification>();
    const limits = () => ({ repeatAfterMs: 1000, maxPerMinute: 100, groupWithinMs: 0 });
    const subscription = source
      .pipe(limitNotifications({ limits, onTooMany: () => {}, scheduler: asyncScheduler }))
      .subscribe();
    for (const name of ['l', 'b', 'l', 'l'] as const) source.next(OFFERED[name]);
    expect(vi.getTimerCount()).toBe(1);
    subscription.unsubscribe();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('too many are left out and told of once; the next one says how many', () => {
    let told = 0;
    marbles((helpers) => {
      const { hot, expectObservable } = helpers;
      const offered = { ...OFFERED, h: notification('failed', 3), i: notification('failed', 4) };
      const source = hot('f-g-h-i 59993ms f|', offered);
      const expected = '  f-g---- 59993ms E|';
      const values = { ...TOLD, E: notice('failed', 1, { dropped: 2 }) };
      const operator = limited(helpers, 2, () => {
        told += 1;
      });
      expectObservable(source.pipe(operator)).toBe(expected, values);
    });
    expect(told).toBe(1);
  });

  it('the first that is left out is told of, those after it not, nor a repetition between them', () => {
    const toldAt: number[] = [];
    marbles((helpers) => {
      const { hot, expectObservable, scheduler } = helpers;
      const offered = { ...OFFERED, h: notification('failed', 3), i: notification('failed', 4) };
      const source = hot('f-h-f-i 59993ms g-h|', offered);
      const expected = '  f------ 59993ms G--|';
      const values = { ...TOLD, G: notice('failed', 2, { dropped: 2 }) };
      const operator = limited(helpers, 1, () => toldAt.push(scheduler.now()));
      expectObservable(source.pipe(operator)).toBe(expected, values);
    });
    expect(toldAt).toEqual([2, 60_002]);
  });

  it('events within the time of a group are one message, in their order; one alone stays as it is', () => {
    marbles((helpers) => {
      const { hot, expectObservable, expectSubscriptions } = helpers;
      const source = hot('fg-l------------f--|', OFFERED);
      const sub = '       ^------------------!';
      const expected = '  -----m-------------(f|)';
      const m = groupOf(notice('failed', 1), notice('failed', 2), notice('stream-lost'));
      expectObservable(source.pipe(grouped(helpers))).toBe(expected, { ...TOLD, m });
      expectSubscriptions(source.subscriptions).toBe(sub);
    });
  });

  it('a repetition joins no group, and comes with the next one', () => {
    marbles((helpers) => {
      const { hot, expectObservable } = helpers;
      const source = hot('fff--------fg----|', OFFERED);
      const expected = '  -----f----------m|';
      const m = groupOf(notice('failed', 1, { repeated: 2 }), notice('failed', 2));
      expectObservable(source.pipe(grouped(helpers))).toBe(expected, { ...TOLD, m });
    });
  });

  it('a group is one of the messages of a minute, however many join it; the next one says what was dropped', () => {
    let told = 0;
    marbles((helpers) => {
      const { hot, expectObservable } = helpers;
      const source = hot('fg-----l 59993ms f----|', OFFERED);
      const expected = '  -----m   60000ms (E|)';
      const values = {
        m: groupOf(notice('failed', 1), notice('failed', 2)),
        E: notice('failed', 1, { dropped: 1 }),
      };
      const onTooMany = (): void => {
        told += 1;
      };
      expectObservable(source.pipe(grouped(helpers, 1, onTooMany))).toBe(expected, values);
    });
    expect(told).toBe(1);
  });

  it('who leaves gets no group, and an error does not wait for it', () => {
    marbles((helpers) => {
      const { hot, expectObservable } = helpers;
      expectObservable(hot('fg---------', OFFERED).pipe(grouped(helpers)), '---!').toBe('----');
      expectObservable(hot('fg-#', OFFERED).pipe(grouped(helpers))).toBe('---#');
    });
  });

  it('lists no more than can be read, and leaves no timer behind', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const source = new Subject<Notification>();
    const limits = () => ({ repeatAfterMs: 1000, maxPerMinute: 1, groupWithinMs: 5000 });
    const messages: unknown[] = [];
    const subscription = source
      .pipe(limitNotifications({ limits, onTooMany: () => {}, scheduler: asyncScheduler }))
      .subscribe((message) => messages.push(message));
    for (let id = 1; id <= MAX_GROUPED + 10; id += 1) source.next(notification('failed', id));
    vi.advanceTimersByTime(5000);
    expect(messages).toMatchObject([{ group: { length: MAX_GROUPED }, more: 10 }]);
    vi.advanceTimersByTime(60_000);
    source.next(notification('failed', 1));
    expect(vi.getTimerCount()).toBe(1);
    subscription.unsubscribe();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('empty, never, and an error of the source', () => {
    marbles((helpers) => {
      const { cold, expectObservable } = helpers;
      expectObservable(cold<never>('|').pipe(limited(helpers))).toBe('|');
      expectObservable(cold<never>('-').pipe(limited(helpers))).toBe('-');
      expectObservable(cold('f-#', OFFERED).pipe(limited(helpers))).toBe('f-#', TOLD);
    });
  });
});
