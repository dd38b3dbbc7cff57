import { describe, expect, it } from 'vitest';
import type { CycleEventData } from '../../../../src/domain/cycle/cycle-event.js';
import type {
  NotificationGroup,
  OutgoingNotification,
} from '../../../../src/domain/notification/notification.js';
import { createMask } from '../../../../src/telemetry/log/mask-secrets.js';
import { formatNotice, toEnvironment } from '../../../../src/telemetry/notify/notification-text.js';
import { toNotification } from '../../../../src/telemetry/notify/to-notification.js';
import { cycleEvent } from '../../../support/streams/cycle-events.js';
import { alarm, REPORT } from '../../../support/telemetry/sample-metrics.js';

const CONTEXT = { host: 'web01', mask: createMask(['hush-hush']) };
const FAILED: OutgoingNotification = {
  event: 'failed',
  at: Date.UTC(2026, 10, 22, 13, 4, 5, 6),
  process: { id: 7, name: 'nginx' },
  message: 'not restarted',
  details: { step: 'restart', reason: 'exit code 3', attempts: 2 },
  repeated: 0,
  dropped: 0,
};

const json = (notice: OutgoingNotification | NotificationGroup): unknown =>
  JSON.parse(formatNotice(notice, CONTEXT));

describe('the JSON of a notice', () => {
  it('is one line with a text for people and keys for programs', () => {
    const text = formatNotice(FAILED, CONTEXT);
    expect(text).not.toContain('\n');
    expect(JSON.parse(text)).toEqual({
      text: 'web01: nginx: not restarted',
      event: 'failed',
      time: '2026-11-22T13:04:05.006Z',
      host: 'web01',
      process: 'nginx',
      process_id: 7,
      message: 'not restarted',
      step: 'restart',
      reason: 'exit code 3',
      attempts: 2,
      repeated: 0,
      dropped: 0,
    });
  });

  it('about the service: no process; times are written out; what was left out is said', () => {
    const { process: _, ...rest } = FAILED;
    expect(json({ ...rest, details: { retryAt: FAILED.at }, repeated: 2, dropped: 5 })).toMatchObject({
      text: 'web01: monitor_service: not restarted (repeated 2 times before; 5 others were dropped, see the log)',
      retry_at: '2026-11-22T13:04:05.006Z',
      repeated: 2,
      dropped: 5,
    });
    expect(json(rest)).not.toHaveProperty('process');
  });

  it('R24: holds no secret; control characters are shown, and long texts cut', () => {
    const message = `exit: -phush-hush \u001b[31m\n${'x'.repeat(5000)}`;
    const value = json({ ...FAILED, message, details: { reason: 'hush-hush' } });
    expect(value).toMatchObject({
      message: expect.stringMatching(/^exit: -p\*\*\* \\x1b\[31m\\nx+…$/),
      reason: '***',
    });
    expect(JSON.stringify(value)).not.toContain('hush-hush');
    expect(JSON.stringify(value).length).toBeLessThan(3000);
  });
});

describe('the variables of the command', () => {
  it('say the same', () => {
    expect(toEnvironment(FAILED, CONTEXT)).toEqual({
      MONITOR_EVENT: 'failed',
      MONITOR_TIME: '2026-11-22T13:04:05.006Z',
      MONITOR_HOST: 'web01',
      MONITOR_PROCESS: 'nginx',
      MONITOR_PROCESS_ID: '7',
      MONITOR_PROCESSES: 'nginx',
      MONITOR_MESSAGE: 'not restarted',
      MONITOR_COUNT: '1',
      MONITOR_REPEATED: '0',
      MONITOR_DROPPED: '0',
    });
  });

  it.each(['x; rm -rf /', '$(id)', 'a b', '../x', '-n', 'x\ny', 'x\0y'])(
    'R14: a name that is fit for no command is not there: %j',
    (name) => {
      const variables = toEnvironment({ ...FAILED, process: { id: 7, name } }, CONTEXT);
      expect(variables).toMatchObject({ MONITOR_PROCESS: '', MONITOR_PROCESS_ID: '7' });
      expect(JSON.stringify(variables)).not.toContain(JSON.stringify(name).slice(1, -1));
    },
  );

  it('R24: hold no secret and no control character', () => {
    const variables = toEnvironment({ ...FAILED, message: 'hush-hush\0\n' }, CONTEXT);
    expect(variables.MONITOR_MESSAGE).toBe('***\\x00\\n');
  });
});

describe('a group of notifications', () => {
  const of = (id: number, name: string, more: Partial<OutgoingNotification> = {}): OutgoingNotification => ({
    ...FAILED,
    process: { id, name },
    ...more,
  });
  const group: NotificationGroup = {
    group: [of(7, 'nginx'), of(8, 'x; rm', { repeated: 2 }), { ...of(7, 'nginx'), event: 'opened', at: 0 }],
    more: 0,
    dropped: 4,
  };

  it('is one JSON object that lists them, in their order', () => {
    expect(json(group)).toEqual({
      text: 'web01: 3 events: nginx: not restarted; x; rm: not restarted; nginx: not restarted (repeated 2 times before; 4 others were dropped, see the log)',
      event: 'several',
      time: '2026-11-22T13:04:05.006Z',
      host: 'web01',
      message: '3 events: nginx: not restarted; x; rm: not restarted; nginx: not restarted',
      repeated: 2,
      dropped: 4,
      count: 3,
      events: [
        expect.objectContaining({
          event: 'failed',
          process: 'nginx',
          process_id: 7,
          attempts: 2,
          repeated: 0,
        }),
        expect.objectContaining({ event: 'failed', process: 'x; rm', process_id: 8, repeated: 2 }),
        expect.objectContaining({ event: 'opened', process: 'nginx', time: '1970-01-01T00:00:00.000Z' }),
      ],
    });
  });

  it('has the event and the process that all of them have', () => {
    const same = { ...group, group: [of(7, 'nginx'), of(7, 'nginx')] };
    expect(json(same)).toMatchObject({ event: 'failed', process: 'nginx', process_id: 7, count: 2 });
    expect(toEnvironment(same, CONTEXT)).toMatchObject({
      MONITOR_EVENT: 'failed',
      MONITOR_PROCESS: 'nginx',
      MONITOR_COUNT: '2',
    });
  });

  it('R14: has only the names in its variables that may reach a command', () => {
    expect(toEnvironment(group, CONTEXT)).toMatchObject({
      MONITOR_EVENT: 'several',
      MONITOR_PROCESS: '',
      MONITOR_PROCESS_ID: '',
      MONITOR_PROCESSES: 'nginx',
      MONITOR_COUNT: '3',
      MONITOR_REPEATED: '2',
      MONITOR_DROPPED: '4',
    });
  });

  it('R24: has a bounded size, says how many are left out, and holds no secret', () => {
    const long = {
      message: `hush-hush ${'x'.repeat(900)}`,
      details: { reason: `hush-hush${'y'.repeat(900)}` },
    };
    const many = Array.from({ length: 50 }, (_, index) => of(index, `p${index}`, long));
    const text = formatNotice({ group: many, more: 20, dropped: 0 }, CONTEXT);
    expect(text).not.toContain('hush-hush');
    expect(text.length).toBeLessThan(60_000);
    expect(JSON.parse(text)).toMatchObject({ count: 70, more: 20, event: 'several' });
    const few = many.map((notice) => ({ ...notice, message: 'down' }));
    expect(json({ group: few, more: 20, dropped: 0 })).toMatchObject({
      message: expect.stringMatching(/^70 events: p0: down; .*; p49: down; and 20 more$/),
    });
  });
});

describe('what a cycle event is to somebody who does not look at the log', () => {
  it.each<[CycleEventData, string | undefined, object]>([
    [
      { type: 'exhausted', step: 'verify', reason: 'exit 1', attempts: 2 },
      'failed',
      { step: 'verify', reason: 'exit 1', attempts: 2 },
    ],
    [{ type: 'faulted', reason: 'odd' }, 'failed', { reason: 'odd' }],
    [
      { type: 'refused', alarm: alarm(), reason: 'the name is empty' },
      'refused',
      { reason: 'the name is empty' },
    ],
    [
      { type: 'verified', attempt: 2, report: REPORT, detail: 'active', tookMs: 3 },
      'restarted',
      { strategy: 'service', attempts: 2 },
    ],
    [{ type: 'opened', failures: 3, retryAt: 5 }, 'opened', { failures: 3, retryAt: 5 }],
    [{ type: 'escalated', tookMs: 9 }, 'escalated', {}],
    [{ type: 'escalated', tookMs: 9, reason: 'exit 1' }, 'escalated', { reason: 'exit 1' }],
    [{ type: 'half-opened' }, 'half-opened', {}],
    [{ type: 'closed', by: 'alice' }, 'closed', { by: 'alice' }],
    [{ type: 'closed' }, 'closed', {}],
    [{ type: 'detected', alarm: alarm() }, undefined, {}],
    [{ type: 'attempt-failed', attempt: 1, maxAttempts: 2, step: 'verify', reason: 'x' }, undefined, {}],
    [{ type: 'cleared', changed: true, notes: 'OK', tookMs: 1 }, undefined, {}],
  ])('%j', (happening, event, details) => {
    const told = toNotification(cycleEvent(happening));
    if (event === undefined) expect(told).toBeUndefined();
    else expect(told).toMatchObject({ event, details, process: { id: 7, name: 'nginx' } });
  });
});
