import { describe, expect, it } from 'vitest';
import type { Alarm } from '../../../../src/domain/alarm/alarm.js';
import { formatNote } from '../../../../src/domain/alarm/format-note.js';
import type { CycleEventData } from '../../../../src/domain/cycle/cycle-event.js';
import { createCycleEventLog } from '../../../../src/telemetry/messages/cycle-event-log.js';
import { cycleEvent } from '../../../support/streams/cycle-events.js';
import { recordLog } from '../../../support/telemetry/recorded-log.js';

const RETRY_AT = new Date(2026, 10, 22, 13, 4, 5).getTime();
const REPORT = { strategy: 'service', unit: 'nginx.service', detail: 'restarted nginx.service' } as const;

describe('the log lines of cycles', () => {
  it('tells a refusal once for each name and reason, and counts those of too many names', () => {
    const { log, lines } = recordLog();
    const take = createCycleEventLog(log);
    const refuse = (name: number, at: number) =>
      take({
        ...cycleEvent({ type: 'refused', alarm: alarm(), reason: 'no' }),
        processName: `no such ${name}`,
        at,
      });
    for (let round = 0; round < 3; round += 1) for (let name = 0; name < 5000; name += 1) refuse(name, 1000);
    const told = () => lines.filter(({ level }) => level !== 'debug');
    expect(told()).toHaveLength(1001);
    expect(told().at(-1)?.message).toMatch(/^1 more alarm was refused or excluded; /);
    refuse(4000, 61_000);
    expect(told().at(-1)?.message).toMatch(/^12000 more alarms were refused/);
    refuse(1, 25 * 3_600_000);
    expect(told().at(-1)).toMatchObject({ level: 'error', subject: 'no such 1' });
  });

  it.each<[CycleEventData, string]>([
    [{ type: 'detected', alarm: alarm() }, 'info alarm seen (binlog)'],
    [{ type: 'refused', alarm: alarm(), reason: 'no' }, 'error refused, nothing is restarted: no'],
    [
      { type: 'refused', alarm: alarm(), reason: 'the name is empty', remedy: 'rename it in PROCESE' },
      'error refused, nothing is restarted: the name is empty; rename it in PROCESE',
    ],
    [
      { type: 'excluded', alarm: alarm() },
      'info alarm seen, but the process is excluded by exclude in [monitor]; take it out there, or clear the alarm',
    ],
    [
      { type: 'paused', alarm: alarm(), pause: { since: 0, by: 'alice', processName: 'web server' } },
      "info alarm seen, paused by alice; it ends with: monitor_service resume 'web server'",
    ],
    [
      { type: 'paused', alarm: alarm(), pause: { since: 0, by: 'alice', reason: 'disks' } },
      'info alarm seen, paused by alice: disks; it ends with: monitor_service resume',
    ],
    [
      {
        type: 'paused',
        alarm: alarm(),
        pause: { since: 0, by: 'maintenance backup', maintenance: 'backup', processName: 'nginx' },
      },
      'info alarm seen, paused by maintenance backup; it ends with: monitor_service resume --maintenance backup',
    ],
    [
      { type: 'skipped-open', failures: 3, retryAt: RETRY_AT },
      'warn not restarted: circuit breaker open until 2026-11-22 13:04:05',
    ],
    [{ type: 'attempt-started', attempt: 1, maxAttempts: 2 }, 'debug attempt 1/2 started'],
    [{ type: 'restart-begun', attempt: 1 }, 'debug restart of attempt 1 runs'],
    [
      { type: 'restarted', attempt: 1, report: REPORT, tookMs: 12 },
      'info restarted by service in 12 ms: restarted nginx.service',
    ],
    [
      { type: 'attempt-failed', attempt: 1, maxAttempts: 2, step: 'verify', reason: 'exit 1' },
      'warn attempt 1/2 failed, health check: exit 1',
    ],
    [
      { type: 'verified', attempt: 2, report: REPORT, detail: 'active', tookMs: 30 },
      'info verified healthy (active), attempt 2, 30 ms after it began',
    ],
    [
      { type: 'rechecked', alarm: alarm(), healthy: true, detail: 'active' },
      'info alarm raised again meanwhile: healthy (active), no restart',
    ],
    [
      { type: 'rechecked', alarm: alarm({ raised: false }), healthy: true, detail: 'active' },
      'debug checked once more before the alarm is cleared: healthy (active), no restart',
    ],
    [
      { type: 'rechecked', alarm: alarm({ raised: false }), healthy: false, detail: 'exit 1' },
      'warn checked once more before the alarm is cleared: not healthy, exit 1',
    ],
    [
      { type: 'exhausted', step: 'restart', reason: 'exit 5', attempts: 2 },
      'error not restarted: 2 attempts failed, last in restart: exit 5; the alarm stays raised and is tried again at the next check_interval',
    ],
    [
      { type: 'exhausted', step: 'restart', reason: 'exit 5', attempts: 1 },
      'error not restarted: 1 attempt failed, last in restart: exit 5; the alarm stays raised and is tried again at the next check_interval',
    ],
    [
      { type: 'exhausted', step: 'pre-restart', reason: 'exit 2', attempts: 0 },
      'error pre-restart command failed, nothing was restarted: exit 2; the alarm stays raised and is tried again at the next check_interval',
    ],
    [
      { type: 'exhausted', step: 'restart', reason: 'exit 5', attempts: 1, isManual: true },
      'error not restarted: 1 attempt failed, last in restart: exit 5; no automatic retry, unless its alarm is raised',
    ],
    [{ type: 'withdrawn' }, 'info alarm was withdrawn: no further restart'],
    [
      { type: 'opened', failures: 3, retryAt: RETRY_AT },
      'error circuit breaker opened after 3 failed cycles, no restart until 2026-11-22 13:04:05; after the repair: monitor_service reset nginx',
    ],
    [{ type: 'escalated', tookMs: 9 }, 'info escalated: escalation_command ended after 9 ms'],
    [
      { type: 'escalated', tookMs: 9, reason: 'exit code 1' },
      'error not escalated: escalation_command: exit code 1',
    ],
    [{ type: 'half-opened' }, 'info circuit breaker half-open: one cycle may run'],
    [{ type: 'closed' }, 'info circuit breaker closed'],
    [{ type: 'cleared', changed: true, notes: 'OK', tookMs: 3 }, 'info alarm cleared in 3 ms'],
    [
      { type: 'cleared', changed: false, notes: 'OK', tookMs: 3 },
      'debug nothing to clear: the alarm was already cleared',
    ],
    [
      { type: 'cleared', changed: false, retried: true, notes: 'OK', tookMs: 3 },
      'info alarm cleared within 3 ms, by an earlier try whose answer was lost or by somebody else',
    ],
    [{ type: 'noted', changed: true, notes: 'FAILED' }, 'debug note written: FAILED'],
    [
      { type: 'faulted', reason: 'odd' },
      'error a defect of the service ended the cycle, the alarm stays raised: odd; please report it with the log at level = DEBUG',
    ],
  ])('%j', (happening, line) => {
    expect(tell(happening)).toEqual([`nginx ${line}`]);
  });

  it('a write that failed: a clear is tried until it is taken, a note is given up some day', () => {
    const failed = { type: 'write-failed', reason: 'gone', attempt: 1 } as const;
    expect(tell({ ...failed, what: 'clear' }, { ...failed, what: 'note' })).toEqual([
      'nginx warn cannot write the clear, retrying until it succeeds: gone',
      'nginx warn cannot write the note, retrying: gone',
    ]);
  });

  it('a write that keeps failing is news once', () => {
    const failed = (attempt: number): CycleEventData => ({
      type: 'write-failed',
      what: 'clear',
      reason: 'gone',
      attempt,
    });
    expect(tell(failed(1), failed(2), failed(30)).map((line) => line.split(' ')[1])).toEqual([
      'warn',
      'debug',
      'debug',
    ]);
  });

  it('the word of the tool that raised the alarm is told, our own old note is not', () => {
    const { log, lines } = recordLog();
    const write = createCycleEventLog(log);
    for (const notes of ['disk full', formatNote('OK', 0, 'restarted'), null, ''])
      write(cycleEvent({ type: 'detected', alarm: alarm({ notes }) }));
    expect(lines.map(({ fields }) => fields)).toEqual([
      { process_id: 7, notes: 'disk full' },
      { process_id: 7 },
      { process_id: 7 },
      { process_id: 7 },
    ]);
  });
});

describe('R9: an alarm that stands while its breaker is open', () => {
  const seen: CycleEventData = { type: 'detected', alarm: alarm({ trigger: 'poll' }) };
  const skipped: CycleEventData = { type: 'skipped-open', failures: 3, retryAt: RETRY_AT };

  it('is told of once, not at every check', () => {
    expect(levels(seen, skipped, seen, skipped, seen, skipped)).toEqual([
      'info',
      'warn',
      'debug',
      'debug',
      'debug',
      'debug',
    ]);
  });

  it('is told of again when the breaker has opened again or closed', () => {
    const opened: CycleEventData = { type: 'opened', failures: 4, retryAt: RETRY_AT };
    expect(levels(seen, skipped, opened, seen, skipped)).toEqual(['info', 'warn', 'error', 'info', 'warn']);
    expect(levels(seen, skipped, { type: 'closed' }, seen)).toEqual(['info', 'warn', 'info', 'info']);
  });

  it('a new raise is told of, and other processes are their own', () => {
    const raised: CycleEventData = { type: 'detected', alarm: alarm() };
    expect(levels(seen, skipped, raised)).toEqual(['info', 'warn', 'info']);
    const { log, lines } = recordLog();
    const write = createCycleEventLog(log);
    write(cycleEvent(skipped, 7));
    write(cycleEvent(skipped, 8));
    expect(lines.map(({ level }) => level)).toEqual(['warn', 'warn']);
  });

  function levels(...outOfCycleEvents: CycleEventData[]): (string | undefined)[] {
    return tell(...outOfCycleEvents).map((line) => line.split(' ')[1]);
  }
});

function tell(...outOfCycleEvents: CycleEventData[]): string[] {
  const { log, lines } = recordLog();
  const write = createCycleEventLog(log);
  for (const happening of outOfCycleEvents) write(cycleEvent(happening));
  return lines.map(({ subject, level, message }) => `${subject} ${level} ${message}`);
}

function alarm(more: Partial<Alarm> = {}): Alarm {
  return {
    processId: 7,
    notes: null,
    trigger: 'binlog',
    raised: true,
    seenAt: 0,
    steadyAt: 0,
    causeSeq: 1,
    readSeq: 1,
    ...more,
  };
}
