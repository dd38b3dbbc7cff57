import { describe, expect, it } from 'vitest';
import { describeStatus, type StatusFacts } from '../../../../src/service/status/status-line.js';

const QUIET: StatusFacts = {
  refusedConfig: undefined,
  isStreaming: true,
  isBinlogEnabled: true,
  streamProblem: undefined,
  fallbackIntervalMs: 5000,
  tableProblem: undefined,
  standingAlarms: 0,
  openBreakers: [],
};

const CASES: readonly [string, Partial<StatusFacts>][] = [
  ['streaming; no standing alarms', {}],
  ['streaming; 1 standing alarm', { standingAlarms: 1 }],
  ['streaming; 2 standing alarms; 1 circuit open: httpd', { standingAlarms: 2, openBreakers: ['httpd'] }],
  [
    'configuration of 13:05 not taken: config.ini:3: no (and 2 more); streaming; no standing alarms',
    { refusedConfig: { at: Date.parse('2026-11-30T13:05:59'), problem: 'config.ini:3: no (and 2 more)' } },
  ],
  ['connecting to the database', { isStreaming: false, standingAlarms: undefined }],
  [
    'polling every 5 s: binlog off; 1 standing alarm',
    { isStreaming: false, streamProblem: 'binlog off', standingAlarms: 1 },
  ],
  [
    'polling every 5 s: the binlog is off in config.ini; no standing alarms',
    { isStreaming: false, isBinlogEnabled: false },
  ],
  [
    'polling every 5 s: refused; standing alarms unknown',
    { isStreaming: false, streamProblem: 'refused', tableProblem: 'refused', standingAlarms: 3 },
  ],
  ['streaming; standing alarms unknown, the table cannot be read: denied', { tableProblem: 'denied' }],
  [
    'streaming; no standing alarms; 7 circuits open: a, b, c, d, e and 2 more',
    { openBreakers: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] },
  ],
];

describe('describeStatus', () => {
  it.each(CASES)('%s', (line, facts) => {
    expect(describeStatus({ ...QUIET, ...facts })).toBe(line);
  });
});
