import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Log } from '../../../src/telemetry/log/log.js';
import { canMount, fullDisks, mountTmpfs, unmount } from '../../support/telemetry/full-disk.js';
import { LogFixture } from '../../support/telemetry/log-fixture.js';
import { until } from '../../support/telemetry/until.js';

describe('R13: a log file that fails', () => {
  let fixture: LogFixture;
  beforeEach(() => {
    fixture = new LogFixture();
  });
  afterEach(() => fixture.remove());

  const said = (text: string) => fixture.stdout.lines.filter((line) => line.includes(text));
  const FAILED = 'cannot write the log file';
  const AGAIN = 'works again';

  /** Of whole lines only: a full disk can leave half of one. */
  const lineNumbers = (lines: readonly string[]) =>
    lines.map((line) => /line (\d+) x{300}/.exec(line)?.[1]).filter((number) => number !== undefined);

  /** Each opening makes the link again where it is missing. */
  async function waitForRetries(count: number): Promise<void> {
    for (let time = 1; time <= count; time += 1) {
      rmSync(fixture.current, { force: true });
      await until(
        'it is tried again',
        () => lstatSync(fixture.current, { throwIfNoEntry: false }) !== undefined,
      );
    }
  }

  /** Lines on stdout, less the lines in the file, are the ones that the file must admit to. */
  function expectHonestCount(): void {
    const missing = lineNumbers(fixture.stdout.lines).length - lineNumbers(fixture.lines()).length;
    expect(missing).toBeGreaterThan(0);
    const count = missing === 1 ? '1 line is missing' : `${missing} lines are missing`;
    expect(said(AGAIN)).toEqual([expect.stringContaining(count)]);
    expect(
      fixture
        .lines()
        .filter((line) => line.includes(AGAIN))
        .at(-1),
    ).toContain(count);
  }

  function writeLines(log: Log, from: number, to: number): void {
    for (let line = from; line <= to; line += 1) log.info('httpd', `line ${line} ${'x'.repeat(300)}`);
  }

  describe.each(fullDisks)('$name', (disk) => {
    beforeEach(() => disk.prepare(fixture.directory));
    afterEach(() => disk.remove(fixture.directory));

    it.each(['text', 'json'] as const)(
      'is reported once, and made up for when there is space (%s)',
      async (format) => {
        const log = await fixture.open({ format });
        if (disk.startsEmpty) {
          log.info('start', 'there is space');
          expect(fixture.lines()).toHaveLength(1);
        }
        disk.fill(fixture.directory);
        writeLines(log, 1, 400);
        // Where half a line has to be ended first, a full disk lets no try come as far as the link.
        if (!disk.startsEmpty) await waitForRetries(3);
        writeLines(log, 401, 402);
        expect(said(FAILED)).toEqual([expect.stringMatching(/ENOSPC.*; logging to stdout only/)]);
        expect(said(AGAIN)).toEqual([]);

        disk.free(fixture.directory);
        await until('it works again', () => said(AGAIN).length > 0);
        log.info('end', 'the last line');
        expect(fixture.lines().at(-1)).toContain('the last line');
        expect(said(FAILED)).toHaveLength(1);
        expectHonestCount();
      },
    );
  });

  it('reports honestly how many lines are missing', async () => {
    writeFileSync(fixture.directory, 'a file where the directory should be');
    const log = await fixture.open();
    writeLines(log, 1, 3);
    expect(said(FAILED)).toHaveLength(1);
    expect(lineNumbers(fixture.stdout.lines)).toEqual(['1', '2', '3']);

    rmSync(fixture.directory);
    await until('it works again', () => said(AGAIN).length > 0);
    writeLines(log, 4, 4);
    expect(lineNumbers(fixture.lines())).toEqual(['4']);
    expectHonestCount();
  });

  it('can fail and work again more than once', async () => {
    writeFileSync(fixture.directory, 'in the way');
    const log = await fixture.open();
    for (let time = 1; time <= 3; time += 1) {
      writeLines(log, time, time);
      expect(said(FAILED)).toHaveLength(time);
      rmSync(fixture.directory, { recursive: true });
      await until('it works again', () => said(AGAIN).length === time);
      expect(said('1 line is missing')).toHaveLength(time);
      rmSync(fixture.directory, { recursive: true });
      writeFileSync(fixture.directory, 'in the way');
    }
  });

  it('a directory deleted under it is made again, without a line lost', async () => {
    const log = await fixture.open();
    writeLines(log, 1, 1);
    rmSync(fixture.directory, { recursive: true });
    writeLines(log, 2, 3);
    expect(lineNumbers(fixture.lines())).toEqual(['2', '3']);
    expect(said('was removed; a new one begins here')).toHaveLength(1);
    expect(said(FAILED)).toEqual([]);
    expect(readdirSync(fixture.directory)).toContain('current.log');
  });

  it('a deleted file is noticed at the next line, and rotation goes on', async () => {
    const log = await fixture.open({ maxLogSizeKb: 1 });
    rmSync(join(fixture.directory, 'monitor_service.1.log'));
    writeLines(log, 1, 1);
    expect(lineNumbers(fixture.lines())).toEqual(['1']);
    await until('it rotates', () => {
      writeLines(log, 2, 2);
      return fixture.files().length > 1;
    });
    expect(lineNumbers(fixture.lines())).toEqual(lineNumbers(fixture.stdout.lines));
  });

  it('a rotation that fails is reported once and made up for', async () => {
    const log = await fixture.open({ maxLogSizeKb: 1 });
    mkdirSync(join(fixture.directory, 'monitor_service.2.log'));
    await until('the rotation fails', () => {
      writeLines(log, 1, 1);
      return said(FAILED).length > 0;
    });
    expect(said(FAILED)).toEqual([expect.stringContaining('EISDIR')]);
    rmSync(join(fixture.directory, 'monitor_service.2.log'), { recursive: true });
    await until('it works again', () => {
      writeLines(log, 2, 2);
      return said(AGAIN).length > 0 && fixture.files().length > 1;
    });
  });

  it('a directory that may not be written is reported once and made up for', async () => {
    mkdirSync(fixture.directory);
    const root = canMount();
    if (root) mountTmpfs(fixture.directory, 'size=64k,ro');
    else chmodSync(fixture.directory, 0o500);
    try {
      const log = await fixture.open();
      writeLines(log, 1, 2);
      expect(said(FAILED)).toEqual([expect.stringMatching(/EROFS|EACCES/)]);
      if (root) execFileSync('mount', ['-o', 'remount,rw', fixture.directory]);
      else chmodSync(fixture.directory, 0o700);
      await until('it works again', () => said(AGAIN).length > 0);
      writeLines(log, 3, 3);
      expect(lineNumbers(fixture.lines())).toEqual(['3']);
      expectHonestCount();
      await log.close();
    } finally {
      if (root) unmount(fixture.directory);
    }
  });

  it('half a line that an earlier end left is not continued', async () => {
    mkdirSync(fixture.directory);
    writeFileSync(join(fixture.directory, 'monitor_service.1.log'), 'a whole line\nhalf a l');
    const log = await fixture.open();
    log.info('httpd', 'new');
    expect(fixture.lines()).toEqual(['a whole line', 'half a l', expect.stringContaining('httpd: new')]);
  });

  it('leaves no descriptor behind, however often it is tried', async () => {
    mkdirSync(join(fixture.directory, 'monitor_service.1.log'), { recursive: true });
    const log = await fixture.open({}, { reopenAfterMs: 1 });
    const descriptors = () => readdirSync('/proc/self/fd').length;
    const before = descriptors();
    for (let time = 1; time <= 50; time += 1) await log.reconfigure(fixture.config());
    await until('closing is done', () => descriptors() <= before + 5);
    expect(said(FAILED).length).toBeGreaterThan(0);
  });

  it('lines missing at a reload or at the end are reported too', async () => {
    writeFileSync(fixture.directory, 'in the way');
    const log = await fixture.open();
    writeLines(log, 1, 2);
    await log.close();
    expect(said('is closed; 2 lines are missing in it')).toHaveLength(1);
  });
});
