import { describe, expect, it, vi } from 'vitest';
import type { Config } from '../../../../src/config/config.js';
import { BinlogError } from '../../../../src/domain/alarm/binlog-signal.js';
import { StreamState } from '../../../../src/service/binlog/stream-state.js';
import { recordLog } from '../../../support/telemetry/recorded-log.js';

const SETTINGS = {
  current: { database: { host: 'db', port: 3306 }, monitor: { fallbackIntervalMs: 1000 } } as Config,
};

describe('the state of the stream', () => {
  it('is known by its last change, and when it was last heard of', () => {
    let now = 1;
    const stream = new StreamState(
      SETTINGS,
      recordLog().log,
      () => now,
      () => now,
    );
    const lost = { kind: 'lost', error: new BinlogError('x'), retryInMs: 1, wasUpForMs: 1 } as const;
    expect(stream.facts).toEqual({ state: 'connecting', since: 1 });
    now = 2;
    stream.onSignal(lost);
    now = 3;
    stream.onSignal(lost);
    expect(stream.facts).toEqual({ state: 'polling', since: 2 });
    stream.onSignal({ kind: 'streaming' });
    now = 4;
    stream.onActivity();
    stream.onSignal({ kind: 'hidden', namesTable: false });
    expect(stream.facts).toEqual({ state: 'streaming', since: 3, lastSignAt: 4 });
    stream.onSignal({ kind: 'raised', processId: 7, notes: null });
    expect(stream.facts).toMatchObject({ lastEventAt: 4 });
    expect(stream.lagMs).toBeUndefined();
    stream.onActivity(700);
    stream.onActivity();
    expect(stream.lagMs).toBe(700);
    stream.onSignal(lost);
    expect(stream.lagMs).toBeUndefined();
    stream.onSignal({ kind: 'streaming' });
    expect(stream.lagMs).toBeUndefined();
  });

  it('shows changes from the last one that may have been hidden up to the last sign, less its lag', () => {
    let now = 1;
    const stream = new StreamState(
      SETTINGS,
      recordLog().log,
      () => now,
      () => now,
    );
    stream.onActivity();
    expect(stream.changesShown(1)).toBeUndefined();
    now = 2;
    stream.onSignal({ kind: 'streaming' });
    now = 3000;
    stream.onActivity(700);
    // Bytes that have not been read may be a change.
    now = 4000;
    stream.onActivity();
    expect(stream.changesShown(1)).toEqual({ since: 2, upTo: 2300 });
    stream.onSignal({ kind: 'hidden', namesTable: false, foreign: 'definition' });
    expect(stream.changesShown(1)).toMatchObject({ since: 2 });
    stream.onSignal({ kind: 'hidden', namesTable: false });
    expect(stream.changesShown(1)).toEqual({ since: 4000, upTo: 2300 });
    stream.onSignal({ kind: 'lost', error: new BinlogError('x'), retryInMs: 1, wasUpForMs: 1 });
    expect(stream.changesShown(1)).toBeUndefined();
  });

  it('shows them by the steady clock: the wall clock may be set meanwhile', () => {
    const [wall, steady] = [vi.fn(() => 1_000_000), vi.fn(() => 10)];
    const stream = new StreamState(SETTINGS, recordLog().log, wall, steady);
    stream.onSignal({ kind: 'streaming' });
    wall.mockReturnValue(500);
    steady.mockReturnValue(20);
    stream.onActivity(5);
    stream.onSignal({ kind: 'hidden', namesTable: true, concerns: [1] });
    expect(stream.changesShown(1)).toEqual({ since: 20, upTo: 15 });
    expect(stream.changesShown(2)).toEqual({ since: 10, upTo: 15 });
    expect(stream.facts).toMatchObject({ since: 1_000_000, lastSignAt: 500, lastEventAt: 500 });
  });

  it('R3: doubts only the rows that a change has hidden, if it says which', () => {
    let now = 1;
    const stream = new StreamState(
      SETTINGS,
      recordLog().log,
      () => now,
      () => now,
    );
    stream.onSignal({ kind: 'streaming' });
    now = 2;
    stream.onActivity(0);
    stream.onSignal({ kind: 'hidden', namesTable: true, concerns: [1, 2] });
    const since = (id: number) => stream.changesShown(id)?.since;
    expect([1, 2, 3].map(since)).toEqual([2, 2, 1]);
    now = 3;
    for (let id = 10_001; id <= 15_000; id += 1)
      stream.onSignal({ kind: 'hidden', namesTable: true, concerns: [id] });
    // Nobody knows any more which rows were hidden at 2.
    expect([1, 3, 15_000].map(since)).toEqual([2, 2, 3]);
    stream.onSignal({ kind: 'hidden', namesTable: true });
    expect([1, 3].map(since)).toEqual([3, 3]);
  });

  it('shows none if the clock of the server is ahead: how late an event is cannot be told', () => {
    const stream = new StreamState(
      SETTINGS,
      recordLog().log,
      () => 5000,
      () => 5000,
    );
    stream.onSignal({ kind: 'streaming' });
    stream.onActivity(-30_000);
    stream.onActivity(0);
    expect(stream.changesShown(1)).toBeUndefined();
    expect(stream.lagMs).toBe(0);
  });

  it('is up from the first sign of streaming to a loss, a reload that replaces it, or the stop of the service', () => {
    const stream = new StreamState(SETTINGS, recordLog().log);
    const seen: boolean[] = [];
    stream.isStreamingChanges.subscribe((isStreaming) => seen.push(isStreaming));
    stream.onSignal({ kind: 'streaming' });
    stream.onSignal({ kind: 'lost', error: new BinlogError('x'), retryInMs: 1, wasUpForMs: 1 });
    stream.onSignal({ kind: 'streaming' });
    stream.reconnecting();
    expect(stream.facts).toMatchObject({ state: 'connecting' });
    stream.onSignal({ kind: 'streaming' });
    stream.end();
    expect(stream.isStreaming).toBe(false);
    expect(seen).toEqual([false, true, false, true, false, true, false]);
  });
});
