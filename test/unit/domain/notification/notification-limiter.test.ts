import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  NOTIFICATION_NAMES,
  type Notification,
  type NotificationEvent,
} from '../../../../src/domain/notification/notification.js';
import { NotificationLimiter } from '../../../../src/domain/notification/notification-limiter.js';
import { notification } from '../../../support/telemetry/notifications.js';

const LIMITS = { repeatAfterMs: 1000, maxPerMinute: 100 };

/** Offers events at their times, and takes out what is due before each; returns what was told. */
function tell(
  offered: readonly (readonly [at: number, event: NotificationEvent | undefined, processId?: number])[],
  limits = LIMITS,
): { told: string[]; limiter: NotificationLimiter } {
  const limiter = new NotificationLimiter();
  const told: string[] = [];
  for (const [at, event, processId] of offered) {
    const now = event === undefined ? [] : [notification(event, processId)];
    for (const one of [...limiter.takeDue(at, limits), ...now]) {
      const verdict = limiter.decide(one, at, limits);
      if (verdict.kind !== 'send') continue;
      const { event: sent, process, repeated, dropped } = verdict.outgoing;
      told.push(`${at} ${sent} ${process?.id ?? '-'} ${repeated} ${dropped}`);
    }
  }
  return { told, limiter };
}

describe('repetitions', () => {
  it('the same event of the same process is told once in the time, and the next tells how often it came', () => {
    const { told } = tell([
      [0, 'failed', 1],
      [1, 'failed', 1],
      [2, 'failed', 2],
      [999, 'failed', 1],
      [1000, 'failed', 1],
      [2000, 'failed', 1],
    ]);
    expect(told).toEqual(['0 failed 1 0 0', '2 failed 2 0 0', '1000 failed 1 2 0', '2000 failed 1 0 0']);
  });

  it.each([
    ['opened', 'half-opened'],
    ['opened', 'closed'],
    ['half-opened', 'closed'],
    ['flapping', 'closed'],
    ['flapping', 'half-opened'],
    ['stream-lost', 'stream-back'],
    ['database-lost', 'database-back'],
  ] as const)('of %s and %s only the latest is true: a return within the time is told at its end', (a, b) => {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const { told } = tell([
        [0, one],
        [1, other],
        [2, one],
        [1000, undefined],
      ]);
      expect(told).toEqual([`0 ${one} - 0 0`, `1 ${other} - 0 0`, `1000 ${one} - 0 0`]);
    }
  });

  it('with no such time everything is told', () => {
    const { told } = tell(
      [
        [0, 'failed', 1],
        [0, 'failed', 1],
      ],
      { ...LIMITS, repeatAfterMs: 0 },
    );
    expect(told).toHaveLength(2);
  });

  it('a clock that is set back silences nothing', () => {
    expect(
      tell([
        [5000, 'failed', 1],
        [100, 'failed', 1],
      ]).told,
    ).toHaveLength(2);
  });
});

describe('events of which only the latest is true', () => {
  it('lost, back, lost: the second lost is told when its time has come, if it is still so', () => {
    const { told, limiter } = tell([
      [0, 'stream-lost'],
      [10, 'stream-back'],
      [20, 'stream-lost'],
    ]);
    expect(told).toEqual(['0 stream-lost - 0 0', '10 stream-back - 0 0']);
    expect(limiter.nextDue(LIMITS)).toBe(1000);
    expect(limiter.takeDue(999, LIMITS)).toEqual([]);
    expect(limiter.takeDue(1000, LIMITS)).toEqual([notification('stream-lost')]);
    expect(limiter.nextDue(LIMITS)).toBe(Number.POSITIVE_INFINITY);
    const verdict = limiter.decide(notification('stream-lost'), 1000, LIMITS);
    expect(verdict).toMatchObject({ kind: 'send', outgoing: { event: 'stream-lost', repeated: 0 } });
  });

  it('lost, back, lost, back: nothing is owed', () => {
    const { limiter } = tell([
      [0, 'stream-lost'],
      [10, 'stream-back'],
      [20, 'stream-lost'],
      [30, 'stream-back'],
    ]);
    expect(limiter.nextDue(LIMITS)).toBe(Number.POSITIVE_INFINITY);
  });

  it('the breakers of two processes are two things', () => {
    const { told } = tell([
      [0, 'opened', 1],
      [1, 'opened', 2],
      [2, 'closed', 1],
      [1001, 'opened', 1],
    ]);
    expect(told).toEqual(['0 opened 1 0 0', '1 opened 2 0 0', '2 closed 1 0 0', '1001 opened 1 0 0']);
  });

  it('whatever comes: when all that is due was told, the last that was told is true', () => {
    const states = ['opened', 'half-opened', 'closed'] as const;
    const step = fc.tuple(fc.integer({ min: 0, max: 400 }), fc.constantFrom(...states));
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
        let at = 0;
        const offered = steps.map(([waitMs, event]) => {
          at += waitMs;
          return [at, event, 1] as const;
        });
        // Later than any time that is held back for.
        const { told } = tell([...offered, [at + 1000, undefined], [at + 2000, undefined]]);
        expect(told.at(-1)).toContain(` ${steps.at(-1)?.[1]} `);
      }),
    );
  });
});

describe('one event for opposite situations', () => {
  const server = (message: string): Notification => ({ ...notification('server-changed'), message });
  const readOnly = server('no database server may write: db1');
  const writable = server('db1, may write again');
  const decide = (limiter: NotificationLimiter, one: Notification, at: number) =>
    limiter.decide(one, at, LIMITS).kind;

  it('a server that may write again is told when the wait is over, and counts as no repetition', () => {
    const limiter = new NotificationLimiter();
    expect(decide(limiter, readOnly, 0)).toBe('send');
    expect(decide(limiter, writable, 20)).toBe('repeated');
    expect(limiter.nextDue(LIMITS)).toBe(1000);
    expect(limiter.takeDue(1000, LIMITS)).toEqual([writable]);
    expect(limiter.decide(writable, 1000, LIMITS)).toMatchObject({ kind: 'send', outgoing: { repeated: 0 } });
  });

  it('a server that is as it was told to be is not told again', () => {
    const limiter = new NotificationLimiter();
    for (const [at, one] of [readOnly, writable, readOnly].entries()) decide(limiter, one, at);
    expect(limiter.takeDue(5000, LIMITS)).toEqual([]);
  });

  it('an escalation that failed after one that worked is told, and one that worked as before is not', () => {
    const limiter = new NotificationLimiter();
    const worked = (message: string): Notification => ({ ...notification('escalated', 1), message });
    const failed: Notification = { ...worked('not escalated'), details: { reason: 'exit code 1' } };
    expect(decide(limiter, worked('ended after 10 ms'), 0)).toBe('send');
    decide(limiter, worked('ended after 11 ms'), 1);
    expect(limiter.nextDue(LIMITS)).toBe(Number.POSITIVE_INFINITY);
    decide(limiter, failed, 2);
    expect(limiter.takeDue(1000, LIMITS)).toEqual([failed]);
  });
});

describe('too many', () => {
  const FEW = { repeatAfterMs: 1000, maxPerMinute: 2 };

  it('in a minute are left out, and the next one says how many', () => {
    const { told } = tell(
      [
        [0, 'failed', 1],
        [1, 'failed', 2],
        [2, 'failed', 3],
        [59_999, 'failed', 4],
        [60_000, 'failed', 5],
        [60_001, 'failed', 6],
        [60_002, 'failed', 7],
      ],
      FEW,
    );
    expect(told).toEqual(['0 failed 1 0 0', '1 failed 2 0 0', '60000 failed 5 0 2', '60001 failed 6 0 0']);
  });

  it('whatever comes: no more than that in any minute', () => {
    const step = fc.tuple(
      fc.integer({ min: 0, max: 30_000 }),
      fc.constantFrom(...NOTIFICATION_NAMES),
      fc.integer({ min: 1, max: 5 }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let at = 0;
        const { told } = tell(
          steps.map(([waitMs, event, id]) => {
            at += waitMs;
            return [at, event, id] as const;
          }),
          FEW,
        );
        const times = told.map((line) => Number(line.split(' ')[0]));
        for (const time of times) {
          expect(times.filter((other) => other <= time && time - other < 60_000).length).toBeLessThanOrEqual(
            2,
          );
        }
      }),
    );
  });
});

it('the memory of rows that anybody can make up is bounded', () => {
  const failed = (id: number) => [0, 'failed', id] as const;
  const others = Array.from({ length: 1000 }, (_, id) => failed(id + 2));
  const told = (count: number): string[] =>
    tell([failed(1), ...others.slice(0, count), failed(1)], { ...LIMITS, maxPerMinute: 10_000 }).told;
  // The first is remembered as long as 999 others are, and forgotten with the thousandth.
  expect(told(999)).toHaveLength(1000);
  expect(told(1000)).toHaveLength(1002);
});
