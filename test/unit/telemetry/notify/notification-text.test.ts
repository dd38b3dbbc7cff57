import { describe, expect, it } from 'vitest';
import type { CycleEventData } from '../../../../src/domain/cycle/cycle-event.js';
import type { OutgoingNotification } from '../../../../src/domain/notification/notification.js';
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

const json = (notice: OutgoingNotification): unknown => JSON.parse(formatNotice(notice, CONTEXT));

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
      MONITOR_MESSAGE: 'not restarted',
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
