import { describe, expect, it } from 'vitest';
import { BinlogError, type StreamSignal } from '../../../../src/domain/alarm/binlog-signal.js';
import { ServiceNotifications } from '../../../../src/telemetry/notify/service-notifications.js';

const UP: StreamSignal = { kind: 'streaming' };
const lost = (message = 'gone', retryAtOnce = false): StreamSignal => ({
  kind: 'lost',
  error: new BinlogError(message, { retryAtOnce }),
  retryInMs: 1,
  wasUpForMs: undefined,
});

describe('ServiceNotifications', () => {
  it('the stream: when it is lost, not at every try, and when it is back', () => {
    const told = new ServiceNotifications(() => 5);
    const events = [UP, lost(), lost('other'), UP, UP, lost()].map((signal) => told.ofSignal(signal)?.event);
    expect(events).toEqual([undefined, 'stream-lost', undefined, 'stream-back', undefined, 'stream-lost']);
  });

  it('a stream that is begun anew at once, and every other signal, is nothing to tell', () => {
    const told = new ServiceNotifications(() => 5);
    expect(told.ofSignal(lost('altered', true))).toBeUndefined();
    expect(told.ofSignal(UP)).toBeUndefined();
    expect(told.ofSignal({ kind: 'hidden', namesTable: true })).toBeUndefined();
  });

  it('the table: when it cannot be read, and when it can again', () => {
    const told = new ServiceNotifications(() => 5);
    const problems = [undefined, 'refused', 'refused', 'other', undefined, undefined];
    expect(problems.map((problem) => told.ofTable(problem))).toEqual([
      undefined,
      {
        event: 'database-lost',
        at: 5,
        message: 'cannot read the table: refused',
        details: { reason: 'refused' },
      },
      undefined,
      undefined,
      { event: 'database-back', at: 5, message: 'the table can be read again', details: {} },
      undefined,
    ]);
  });
});
