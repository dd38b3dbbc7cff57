import { describe, expect, it } from 'vitest';
import { createPaint } from '../../../../src/cli/shared/terminal.js';
import { formatOffline, formatStatus } from '../../../../src/cli/status/format-status.js';
import type { StatusReport } from '../../../../src/control/status-report.js';

const NOW = new Date(2026, 10, 22, 13, 0, 0).getTime();
const plain = createPaint(false);
const ago = (seconds: number): number => NOW - seconds * 1000;

const REPORT: StatusReport = {
  service: {
    version: '0.1.0',
    pid: 812,
    startedAt: ago(7380),
    configFile: '/opt/monitor_service/config.ini',
    isStopping: false,
  },
  stream: {
    state: 'streaming',
    since: ago(7379),
    server: 'MySQL 9.7.4 at db:3306',
    pollingEveryMs: 5000,
    lastEventAt: ago(4),
    lastSignAt: ago(0.8),
  },
  table: { isKnown: true },
  alarms: [
    { processId: 1, processName: 'httpd', since: ago(12), isAnswered: false },
    { processId: 2, processName: 'nginx', since: ago(600), isAnswered: false },
    { processId: 3, processName: 'plc', since: ago(90), isAnswered: false },
    { processId: 4, processName: 'a\x1b[2J', since: ago(90), isAnswered: true },
  ],
  cycles: [
    {
      processId: 1,
      processName: 'httpd',
      trigger: 'binlog',
      since: ago(12),
      step: 'verifying',
      attempt: 1,
      maxAttempts: 2,
    },
    {
      processId: 9,
      processName: 'qm',
      trigger: 'manual',
      since: ago(3),
      step: 'writing',
      problem: 'the server is away',
    },
  ],
  breakers: [
    { processId: 3, processName: 'plc', state: 'open', failures: 3, retryAt: NOW + 600_000 },
    { processId: 5, processName: 'db', state: 'half-open', failures: 3 },
    { processId: 6, processName: 'mail', state: 'closed', failures: 1 },
    {
      processId: 8,
      processName: 'chat',
      state: 'open',
      failures: 0,
      retryAt: NOW + 60_000,
      flapping: { restarts: 10, withinMs: 180_000 },
    },
  ],
  recentRestarts: [
    { systemName: 'mail', restarts: 5, allowed: 10 },
    { systemName: 'plc', restarts: 4, allowed: 10 },
  ],
  pauses: [
    { processName: 'nginx', since: ago(700), until: NOW + 3_600_000, by: 'alice', reason: 'new disks' },
    {
      processName: 'db',
      since: ago(700),
      until: NOW + 3_600_000,
      by: 'maintenance backup',
      maintenance: 'backup',
    },
  ],
  maintenance: [
    {
      name: 'backup',
      schedule: '0 12 * * *',
      processes: ['db', 'web'],
      reason: 'dump',
      running: { since: ago(700), until: NOW + 3_600_000 },
      next: { since: NOW + 82_800_000, until: NOW + 90_000_000 },
    },
    { name: 'night', schedule: '0 2 29 2 *', next: { since: NOW + 7_200_000, until: NOW + 9_000_000 } },
  ],
  outcomes: [
    {
      processId: 6,
      processName: 'mail',
      at: ago(65),
      outcome: 'failed',
      message: 'not restarted: no such unit',
    },
  ],
  totals: { verified: 12, healthy: 0, failed: 1, restarts: 14, medianReactionMs: 2 },
};

describe('the status for people', () => {
  it('shows who is in alarm, what becomes of it, and why', () => {
    expect(formatStatus(REPORT, NOW, plain)).toEqual([
      'service      0.1.0, pid 812, running for 2 h 3 min',
      'config       /opt/monitor_service/config.ini',
      'alarms from  the binlog of MySQL 9.7.4 at db:3306, for 2 h 2 min; last change 4 s ago, last sign of life 0.8 s ago',
      'since start  12 cycles verified, 1 failed, 0 healthy without a restart; 14 restarts, median reaction 2 ms',
      '',
      'alarms',
      '  httpd     for 12 s        verifying, attempt 1/2',
      '  nginx     for 10 min      paused until 2026-11-22 14:00:00 by alice: new disks',
      '  plc       for 1 min 30 s  circuit breaker open',
      '  a\\x1b[2J  for 1 min 30 s  handled, stays raised (acknowledge = none)',
      '  qm        for 3 s         writing the outcome to its row, requested: the server is away',
      '',
      'pauses',
      '  nginx  paused until 2026-11-22 14:00:00 by alice: new disks',
      '  db     paused by maintenance backup until 2026-11-22 14:00:00',
      '',
      'maintenance',
      '  backup  runs until 2026-11-22 14:00:00; next 2026-11-23 12:00:00 for 2 h  db, web        dump',
      '  night   next 2026-11-22 15:00:00 for 30 min                               all processes',
      '',
      'circuit breakers',
      '  plc   open       3 failed cycles in a row        tried again at 2026-11-22 13:10:00 (in 10 min)',
      '  db    half-open  3 failed cycles in a row        one cycle may run',
      '  mail  closed     1 failed cycle in a row',
      '  chat  open       flapping: 10 restarts in 3 min  tried again at 2026-11-22 13:01:00 (in 1 min)',
      '',
      'many restarts',
      '  mail  5 of 10 restarts used within restart_window',
      '',
      'last outcomes',
      '  mail  1 min 5 s ago  failed  not restarted: no such unit',
    ]);
  });

  it('R38: says which relay the stream comes from, and how far that is behind', () => {
    const stream = {
      ...REPORT.stream,
      server: 'MariaDB 10.11.19 at relay1:3306',
      relay: { server: 'relay1:3306', lagMs: 340 },
    };
    expect(formatStatus({ ...REPORT, stream }, NOW, plain)[2]).toMatch(
      /the binlog of MariaDB 10\.11\.19 at relay1:3306, a relay 0\.3 s behind, for 2 h 2 min; last change/,
    );
  });

  it('says why it polls, that nothing stands, and that the table cannot be read', () => {
    const calm: StatusReport = {
      ...REPORT,
      alarms: [],
      cycles: [],
      breakers: [],
      recentRestarts: [],
      pauses: [],
      maintenance: [],
      outcomes: [],
    };
    const stream = {
      state: 'polling',
      since: ago(60),
      pollingEveryMs: 5000,
      reason: 'log_bin is off',
    } as const;
    expect(formatStatus({ ...calm, stream }, NOW, plain).slice(2)).toEqual([
      'alarms from  polling every 5 s, for 1 min: log_bin is off',
      expect.stringMatching(/^since start/),
      '',
      'no alarm is raised',
    ]);
    const table = { isKnown: false, problem: 'gone' };
    expect(formatStatus({ ...calm, table }, NOW, plain).slice(4)).toEqual([
      'table        cannot be read: gone',
    ]);
  });

  it('shows of a service that does not run what it left', () => {
    const { alarms, breakers, pauses } = REPORT;
    const status = {
      alarms: alarms.slice(1, 3).map(({ since: _, ...alarm }) => alarm),
      breakers,
      pauses,
      recentRestarts: [],
      table: {},
      stateFile: { path: '/s.json', writtenAt: ago(60) },
    };
    expect(formatOffline(status, NOW, plain).slice(0, 6)).toEqual([
      'state file  /s.json, written 2026-11-22 12:59:00',
      'table       can be read',
      '',
      'alarms',
      '  nginx    paused until 2026-11-22 14:00:00 by alice: new disks',
      '  plc      circuit breaker open',
    ]);
  });
});
