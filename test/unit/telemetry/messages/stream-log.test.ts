import { describe, expect, it } from 'vitest';
import { BinlogError } from '../../../../src/domain/alarm/binlog-signal.js';
import { StreamLog } from '../../../../src/telemetry/messages/stream-log.js';
import { cycleEvent } from '../../../support/streams/cycle-events.js';
import { recordLog } from '../../../support/telemetry/recorded-log.js';

describe('R6: what is told of the binlog stream', () => {
  it('watching, lost, back, with what polling caught meanwhile', () => {
    const { streamLog, told, tick } = start();
    streamLog.onSignal({ kind: 'streaming' });
    streamLog.countAlarm(detected);
    streamLog.onSignal(lost('gone', 4210));
    for (const _ of [1, 2]) streamLog.countAlarm(detected);
    streamLog.countAlarm(cycleEvent({ type: 'closed' }));
    tick(7500);
    streamLog.onSignal({ kind: 'streaming' });
    expect(told()).toEqual([
      'info watching the binlog of db1:3306',
      'warn binlog stream lost: gone; polling every 5 s, next try in 0.1 s',
      'info watching the binlog of db1:3306 again after 7.5 s; 2 alarms were found by polling meanwhile',
    ]);
  });

  it('one alarm is one alarm', () => {
    const { streamLog, told } = start();
    streamLog.onSignal(lost('gone', 1));
    streamLog.countAlarm(detected);
    streamLog.onSignal({ kind: 'streaming' });
    expect(told().at(-1)).toContain('1 alarm was found by polling');
  });

  it('a stream that never came up is no stream lost; the remedy is told', () => {
    const { streamLog, told } = start();
    const error = new BinlogError('log_bin is OFF', { remedy: 'set log_bin=ON', isConfiguration: true });
    streamLog.onSignal({ kind: 'lost', error, retryInMs: 60_000, wasUpForMs: undefined });
    expect(told()).toEqual([
      'warn the binlog cannot be watched: log_bin is OFF; set log_bin=ON; polling every 5 s, next try in 60.0 s',
    ]);
    expect(streamLog.reason).toBe('log_bin is OFF; set log_bin=ON');
  });

  it('is told once, not at every try, until the reason changes', () => {
    const { streamLog, told } = start();
    for (const reason of ['gone', 'gone', 'gone', 'denied', 'denied'])
      streamLog.onSignal(lost(reason, undefined));
    expect(told().map((line) => line.split(' ')[0])).toEqual(['warn', 'debug', 'debug', 'warn', 'debug']);
  });

  it('alarms count over the whole outage, and anew in the next', () => {
    const { streamLog, told } = start();
    streamLog.onSignal(lost('gone', 1));
    streamLog.countAlarm(detected);
    streamLog.onSignal(lost('gone', undefined));
    streamLog.countAlarm(detected);
    streamLog.onSignal({ kind: 'streaming' });
    expect(told().at(-1)).toContain('2 alarms were');
    streamLog.onSignal(lost('gone', 1));
    streamLog.onSignal({ kind: 'streaming' });
    expect(told().at(-1)).toContain('0 alarms were');
  });

  it('a new connection because the table was altered is nothing an admin must know', () => {
    const { streamLog, told } = start();
    streamLog.onSignal({ kind: 'streaming' });
    const error = new BinlogError('our table was altered', { retryAtOnce: true });
    streamLog.onSignal({ kind: 'lost', error, retryInMs: 0, wasUpForMs: 10 });
    streamLog.onSignal({ kind: 'streaming' });
    expect(told()).toEqual([
      'info watching the binlog of db1:3306',
      'debug binlog stream restarted: our table was altered',
    ]);
    expect(streamLog.reason).toBeUndefined();
  });

  it('row changes are not told of here', () => {
    const { streamLog, told } = start();
    streamLog.onSignal({ kind: 'raised', processId: 7, notes: null });
    streamLog.onSignal({ kind: 'hidden', namesTable: true });
    expect(told()).toEqual([]);
  });
});

const detected = cycleEvent({
  type: 'detected',
  alarm: {
    processId: 7,
    notes: null,
    trigger: 'poll',
    raised: false,
    seenAt: 0,
    steadyAt: 0,
    causeSeq: 1,
    readSeq: 1,
  },
});

function lost(reason: string, wasUpForMs: number | undefined) {
  return { kind: 'lost', error: new BinlogError(reason), retryInMs: 100, wasUpForMs } as const;
}

function start() {
  const { log, lines } = recordLog();
  let now = 0;
  const streamLog = new StreamLog(
    log,
    () => 'db1:3306',
    () => 'polling every 5 s',
    () => now,
  );
  return {
    streamLog,
    told: () => lines.map(({ level, message }) => `${level} ${message}`),
    tick: (ms: number) => {
      now += ms;
    },
  };
}
