import { appendFile, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CycleRecord } from '../../../src/domain/cycle/cycle-record.js';
import { appendHistory } from '../../../src/state/append-history.js';
import { formatHistoryLine } from '../../../src/state/history-line.js';
import { HistoryWriter } from '../../../src/state/history-writer.js';
import { readHistory } from '../../../src/state/read-history.js';
import { fullDisks } from '../../support/telemetry/full-disk.js';

const LIMIT = 1024 * 1024;

describe('the history on disk', () => {
  let directory: string;
  let file: string;
  let problems: string[];
  let lost: number;
  let writer: HistoryWriter;
  const record = (processId: number): CycleRecord => ({
    ...{ processId, processName: 'alpha', trigger: 'binlog', seenAt: 0, durationMs: 1, attempts: 1 },
    verdict: 'restarted',
  });
  const line = (processId: number): string => formatHistoryLine(record(processId));
  const ids = async (): Promise<number[]> => {
    const found: number[] = [];
    for await (const { processId } of readHistory(file)) found.push(processId);
    return found;
  };
  const range = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index);

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'monitor_service-history-'));
    file = join(directory, 'deep', 'history.jsonl');
    problems = [];
    lost = 0;
    writer = new HistoryWriter({
      target: () => ({ file, limitBytes: LIMIT }),
      onFailure: (problem) => problems.push(problem),
      onSuccess: (count) => {
        lost += count;
      },
    });
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('R24: is for its owner alone, and begins where there was no folder', async () => {
    writer.add(record(1));
    await writer.flush();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await ids()).toEqual([1]);
  });

  it('reads as empty where there is none', async () => {
    expect(await ids()).toEqual([]);
  });

  it('keeps the order of many records that come at once', async () => {
    for (const id of range(1, 700)) writer.add(record(id));
    await writer.flush();
    expect(await ids()).toEqual(range(1, 700));
  });

  it('R11: after a line that a crash tore it begins a new one, and readers leave the torn one out', async () => {
    await appendHistory(file, line(1), LIMIT);
    await appendFile(file, line(2).slice(0, 40));
    await appendHistory(file, line(3), LIMIT);
    await appendFile(file, '\0\0\0');
    await appendHistory(file, line(4), LIMIT);
    expect(await ids()).toEqual([1, 3, 4]);
    expect(await readFile(file, 'utf8')).toBe(
      `${line(1)}${line(2).slice(0, 40)}\n${line(3)}\0\0\0\n${line(4)}`,
    );
  });

  it('is put aside when it is full, and one older file is kept', async () => {
    const limit = 3 * line(1).length;
    for (const id of range(1, 9)) await appendHistory(file, line(id), limit);
    expect(await readFile(file, 'utf8')).toBe([7, 8, 9].map(line).join(''));
    expect(await readFile(`${file}.1`, 'utf8')).toBe([4, 5, 6].map(line).join(''));
    expect(await ids()).toEqual(range(4, 9));
  });

  it('takes a record that is larger than its limit all the same', async () => {
    await appendHistory(file, line(1), 10);
    await appendHistory(file, line(2), 10);
    expect(await ids()).toEqual([1, 2]);
  });

  it('goes on where somebody else has moved it away', async () => {
    await appendHistory(file, line(1), LIMIT);
    await rename(file, `${file}.old`);
    await appendHistory(file, line(2), LIMIT);
    expect(await ids()).toEqual([2]);
  });

  it('is read to its end while it is being put aside', async () => {
    await appendHistory(file, [1, 2, 3].map(line).join(''), LIMIT);
    const reading = readHistory(file);
    const first = await reading.next();
    await rename(file, `${file}.1`);
    await appendHistory(file, line(4), LIMIT);
    const seen = [first.value?.processId];
    for await (const { processId } of reading) seen.push(processId);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('is read once where it was put aside in the very moment in which it was opened', async () => {
    await appendHistory(file, line(1), LIMIT);
    // A link of our own is followed, so both names are one file.
    await symlink(file, `${file}.1`);
    expect(await ids()).toEqual([1]);
  });

  it('R13: what cannot be written waits, without an end to the service or to its memory', async () => {
    await writeFile(join(directory, 'deep'), 'in the way');
    for (const id of range(1, 1500)) writer.add(record(id));
    await writer.flush();
    expect(problems[0]).toMatch(/EEXIST|ENOTDIR/);
    await rm(join(directory, 'deep'));
    writer.add(record(1501));
    await writer.flush();
    expect(await ids()).toEqual(range(502, 1501));
    expect(lost).toBe(501);
  });

  it.each(fullDisks)(
    'R13: a full disk leaves no half line, and what waited is written once: $name',
    async (disk) => {
      const folder = join(directory, 'small');
      disk.prepare(folder);
      try {
        // The one that is always full knows only the name of the log.
        file = join(folder, disk.startsEmpty ? 'history.jsonl' : 'monitor_service.1.log');
        if (disk.startsEmpty) await appendHistory(file, line(0), LIMIT);
        disk.fill(folder);
        for (const id of range(1, 100)) writer.add(record(id));
        await writer.flush();
        expect(problems[0]).toMatch(/ENOSPC/);
        // The first may have fitted, the others together did not.
        if (disk.startsEmpty) expect([line(0), line(0) + line(1)]).toContain(await readFile(file, 'utf8'));
        disk.free(folder);
        await writer.flush();
        expect(await ids()).toEqual(range(disk.startsEmpty ? 0 : 1, 100));
      } finally {
        disk.remove(folder);
      }
    },
  );

  it('/dev/null keeps nothing and complains of nothing', async () => {
    file = '/dev/null';
    writer.add(record(1));
    await writer.flush();
    expect(problems).toEqual([]);
    expect(await ids()).toEqual([]);
  });
});
