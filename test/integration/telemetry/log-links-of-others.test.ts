import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogFixture } from '../../support/telemetry/log-fixture.js';
import { until } from '../../support/telemetry/until.js';

const ANOTHER = 12_345;

describe.skipIf(process.getuid?.() !== 0)('a log in a folder of another user', () => {
  let fixture: LogFixture;
  let ours: string;

  beforeEach(() => {
    fixture = new LogFixture();
    chmodSync(fixture.root, 0o755);
    mkdirSync(fixture.directory);
    chownSync(fixture.directory, ANOTHER, ANOTHER);
    ours = join(fixture.root, 'passwd');
    writeFileSync(ours, 'root:x\n');
  });
  afterEach(() => fixture.remove());

  const logFile = (number: number): string => join(fixture.directory, `monitor_service.${number}.log`);

  function linkOfHis(target: string, path: string): void {
    symlinkSync(target, path);
    lchownSync(path, ANOTHER, ANOTHER);
  }

  it.each([
    ['a link to a file of ours', () => linkOfHis(ours, logFile(1)), 'is a symbolic link of uid 12345'],
    [
      'a link to nothing',
      () => linkOfHis(join(fixture.root, 'nologin'), logFile(1)),
      'is a symbolic link of uid 12345',
    ],
    ['another name of a file of ours', () => linkSync(ours, logFile(1)), 'has another name elsewhere'],
    [
      'a file of his',
      () => {
        writeFileSync(logFile(1), '');
        chownSync(logFile(1), ANOTHER, ANOTHER);
      },
      'belongs to uid 12345',
    ],
  ])('does not go into %s', async (_, prepare, expected) => {
    prepare();
    const before = readdirSync(fixture.root);
    const log = await fixture.open();
    log.info('httpd', 'line');
    expect(fixture.stdout.text).toContain(expected);
    expect(fixture.stdout.text).toContain('httpd: line');
    expect(readFileSync(ours, 'utf8')).toBe('root:x\n');
    expect(readdirSync(fixture.root)).toEqual(before);
  });

  // Opening a FIFO for writing waits for its reader: with the one thread of the service.
  it('does not wait at a FIFO, neither at the first file nor at a later one', async () => {
    const fifoOfHis = (path: string): void => {
      execFileSync('mkfifo', [path]);
      chownSync(path, ANOTHER, ANOTHER);
    };
    fifoOfHis(logFile(1));
    const log = await fixture.open({ maxLogSizeKb: 1 });
    log.info('httpd', 'line');
    expect(fixture.stdout.text).toContain('monitor_service.1.log is not a regular file: move it away');
    rmSync(logFile(1));
    await until('it is written', () => existsSync(logFile(1)));
    fifoOfHis(logFile(2));
    for (let line = 1; line <= 10; line += 1) log.info('httpd', `line ${line} ${'x'.repeat(300)}`);
    await until('it is told', () =>
      fixture.stdout.text.includes('monitor_service.2.log is not a regular file'),
    );
  });

  it('does not rotate into a link', async () => {
    const log = await fixture.open({ maxLogSizeKb: 1 });
    log.info('httpd', 'first');
    linkOfHis(join(fixture.root, 'nologin'), logFile(2));
    for (let line = 1; line <= 10; line += 1) log.info('httpd', `line ${line} ${'x'.repeat(300)}`);
    await until('it is told', () => fixture.stdout.text.includes('is a symbolic link of uid 12345'));
    expect(readdirSync(fixture.root)).not.toContain('nologin');
  });
});
