import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom, ReplaySubject, Subject } from 'rxjs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { CycleRecord } from '../../../../src/domain/cycle/cycle-record.js';
import { LiveConfig } from '../../../../src/service/shared/live-config.js';
import { PastCycles } from '../../../../src/service/web/past-cycles.js';
import { formatHistoryLine } from '../../../../src/state/history-line.js';
import type { readHistory } from '../../../../src/state/read-history.js';
import { HISTORY_QUERY } from '../../../../src/web/contract/past.js';
import { DEFAULT_CONFIG } from '../../../support/default-config.js';
import { recordLog } from '../../../support/telemetry/recorded-log.js';

const NOW = Date.parse('2026-11-30T12:00:00Z');

function record(more: Partial<CycleRecord> = {}): CycleRecord {
  return {
    ...{ processId: 1, processName: 'a', trigger: 'binlog', seenAt: NOW, durationMs: 5, attempts: 1 },
    verdict: 'restarted',
    ...more,
  };
}

function open(written: readonly CycleRecord[], read?: typeof readHistory) {
  const folder = mkdtempSync(join(tmpdir(), 'monitor-past-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const historyFile = join(folder, 'history.jsonl');
  writeFileSync(historyFile, written.map(formatHistoryLine).join(''));
  const records = new Subject<CycleRecord>();
  const { log, lines } = recordLog();
  const settings = new LiveConfig({ ...DEFAULT_CONFIG, monitor: { ...DEFAULT_CONFIG.monitor, historyFile } });
  const waiting: CycleRecord[] = [];
  const flush = async (): Promise<void> =>
    appendFileSync(historyFile, waiting.splice(0).map(formatHistoryLine).join(''));
  const past = new PastCycles({ settings, log, history: { records, flush }, ...(read && { read }) });
  onTestFinished(() => past.close());
  return { past, records, waiting, lines, folder };
}

describe('the past that the page shows', () => {
  it('is what the file has and what ends later, each cycle once', async () => {
    const inFile = record();
    const { past, records } = open([inFile]);
    expect(past.stripOf(1)).toBeUndefined();
    expect(records.observed).toBe(false);
    const loading = past.load();
    // It was written to the file while that was read, and another one not yet.
    records.next(inFile);
    records.next(record({ seenAt: NOW + 1 }));
    await loading;
    records.next(record({ seenAt: NOW + 2, verdict: 'failed' }));
    expect(past.stripOf(1)?.map(({ at }) => at - NOW)).toEqual([0, 1, 2]);
    expect(past.stripOf(2)).toEqual([]);
    expect((await past.charts(NOW)).alarms.at(-1)).toBe(3);
  });

  it('keeps the last 20 cycles of a process, and nothing when it is closed', async () => {
    const { past, records } = open(Array.from({ length: 30 }, (_, index) => record({ seenAt: NOW + index })));
    await past.load();
    expect(past.stripOf(1)?.map(({ at }) => at - NOW)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 10),
    );
    past.close();
    expect([past.stripOf(1), records.observed]).toEqual([undefined, false]);
  });

  it('has pages, the newest first', async () => {
    const { past } = open(
      Array.from({ length: 25 }, (_, index) =>
        record({
          seenAt: NOW + index,
          processId: index % 2,
          verdict: index % 5 === 0 ? 'failed' : 'restarted',
        }),
      ),
    );
    const ask = async (query: object) => {
      const { entries, hasMore } = await past.page(HISTORY_QUERY.parse(query));
      return { times: entries.map(({ seenAt }) => seenAt - NOW), hasMore };
    };
    expect(await ask({ limit: 3 })).toEqual({ times: [24, 23, 22], hasMore: true });
    expect(await ask({ limit: 3, offset: 22 })).toEqual({ times: [2, 1, 0], hasMore: false });
    expect(await ask({ verdict: 'failed' })).toEqual({ times: [20, 15, 10, 5, 0], hasMore: false });
    expect(await ask({ processId: 1, since: NOW + 20 })).toEqual({ times: [23, 21], hasMore: false });
    expect(await ask({ until: NOW + 1 })).toEqual({ times: [1, 0], hasMore: false });
  });

  it('a page has a cycle whose end was told, although it is not in the file yet', async () => {
    const { past, records, waiting } = open([record()]);
    const ended = record({ seenAt: NOW + 1, trigger: 'manual' });
    waiting.push(ended);
    records.next(ended);
    const { entries } = await past.page(HISTORY_QUERY.parse({ processId: 1 }));
    expect(entries.map(({ trigger }) => trigger)).toEqual(['manual', 'binlog']);
  });

  it('a file that is not there yet is as if it were empty', async () => {
    const { past, lines, folder } = open([]);
    rmSync(join(folder, 'history.jsonl'));
    await past.load();
    expect([past.stripOf(1), lines]).toEqual([[], []]);
  });

  it('R33: a file that gives no answer keeps no page waiting, and is not asked twice meanwhile', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    let asked = 0;
    const answer = new ReplaySubject<void>(1);
    const { past, lines } = open([], async function* () {
      asked += 1;
      yield record();
      await firstValueFrom(answer);
      yield record({ seenAt: NOW + 1 });
    });
    const ask = () => past.page(HISTORY_QUERY.parse({}));
    const first = ask();
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await first).entries).toHaveLength(1);
    expect((await ask()).entries).toEqual([]);
    expect(asked).toBe(1);
    expect(lines.map(({ message }) => message)).toEqual([
      'the page cannot read the history file: no answer within 10 s',
      'the page cannot read the history file: an earlier reading of it still has no answer',
    ]);
    answer.next();
    await vi.advanceTimersByTimeAsync(0);
    expect((await ask()).entries).toHaveLength(2);
  });
});
