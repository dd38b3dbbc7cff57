import { describe, expect, it } from 'vitest';
import { BinlogError } from '../../../../src/domain/alarm/binlog-signal.js';
import { StreamLog } from '../../../../src/telemetry/messages/stream-log.js';
import { TableLog } from '../../../../src/telemetry/messages/table-log.js';
import { recordLog } from '../../../support/telemetry/recorded-log.js';

const GONE = new Error('no table');

describe('R6: what is told of a table that cannot be read', () => {
  it('nothing where the stream tells the same, whoever meets it first', () => {
    const { tableLog, streamLog, warnings } = start();
    tableLog.failed(GONE);
    streamLog.onSignal(lost('no table'));
    tableLog.failed(GONE);
    expect(warnings()).toEqual([expect.stringContaining('the binlog cannot be watched: no table')]);
  });

  it('what the stream does not tell', () => {
    const { tableLog, streamLog, warnings } = start();
    streamLog.onSignal({ kind: 'streaming' });
    tableLog.failed(GONE);
    tableLog.failed(GONE);
    tableLog.succeeded();
    expect(warnings()).toEqual(['warn cannot read the table: no table; retrying']);
  });

  it('at once where there is no stream', () => {
    const { tableLog, warnings } = start(false);
    tableLog.failed(GONE);
    expect(warnings()).toHaveLength(1);
  });

  it('after a while, where the stream says nothing', () => {
    const { tableLog, tick, warnings } = start();
    tableLog.failed(GONE);
    expect(warnings()).toEqual([]);
    tick(15_000);
    tableLog.failed(GONE);
    expect(warnings()).toHaveLength(1);
  });

  it('not while the stream begins anew because the table was altered', () => {
    const { tableLog, streamLog, warnings } = start();
    streamLog.onSignal({ kind: 'streaming' });
    streamLog.onSignal(lost('altered', true));
    tableLog.failed(GONE);
    streamLog.onSignal(lost('no table'));
    expect(warnings()).toEqual([expect.stringContaining('the binlog cannot be watched: no table')]);
  });

  it('when it can be read again, and how long it could not', () => {
    const { tableLog, streamLog, tick, told } = start();
    streamLog.onSignal({ kind: 'streaming' });
    tableLog.failed(GONE);
    tick(2500);
    tableLog.succeeded();
    tableLog.succeeded();
    expect(told().slice(2)).toEqual(['info the table can be read again after 2.5 s']);
  });
});

function lost(message: string, retryAtOnce = false) {
  const error = new BinlogError(message, { retryAtOnce });
  return { kind: 'lost' as const, error, retryInMs: 100, wasUpForMs: undefined };
}

function start(isStreamed = true) {
  let now = 1_000_000;
  const { log, lines } = recordLog();
  const told = (): string[] => lines.map(({ level, message }) => `${level} ${message}`);
  const clock = (): number => now;
  const streamLog = new StreamLog(
    log,
    () => 'db1',
    () => 'polling',
    clock,
  );
  const tableLog = new TableLog(log, streamLog, () => isStreamed, clock);
  return {
    streamLog,
    tableLog,
    told,
    warnings: () => told().filter((line) => line.startsWith('warn')),
    tick: (ms: number) => {
      now += ms;
    },
  };
}
