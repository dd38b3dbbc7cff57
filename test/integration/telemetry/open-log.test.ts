import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogFixture } from '../../support/telemetry/log-fixture.js';

describe('openLog', () => {
  let fixture: LogFixture;
  beforeEach(() => {
    fixture = new LogFixture();
  });
  afterEach(() => fixture.remove());

  it('writes each line to the file and, as the same text, to a piped stdout, before the call returns', async () => {
    const log = await fixture.open();
    log.info('httpd', 'alarm seen (binlog)', { unit: 'httpd.service' });
    const lines = fixture.lines();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} INFO {4}httpd: alarm seen \(binlog\) unit=httpd\.service$/,
    );
    expect(fixture.stdout.lines).toEqual(lines);
  });

  it('writes JSON to both where the format is json', async () => {
    const log = await fixture.open({ format: 'json' });
    log.warn('httpd', 'tried in vain', { attempt: 2 });
    expect(fixture.stdout.lines).toEqual(fixture.lines());
    const line = JSON.parse(fixture.lines()[0] ?? '');
    expect(line).toMatchObject({ level: 'WARNING', process: 'httpd', msg: 'tried in vain', attempt: 2 });
    expect(new Date(line.time).toISOString()).toBe(line.time);
  });

  it.each(['text', 'json'] as const)(
    'under systemd stdout has priorities and no time (%s file)',
    async (format) => {
      const log = await fixture.open({ format, level: 'DEBUG' }, { underSystemd: true });
      log.debug('httpd', 'one');
      log.info('httpd', 'two');
      log.warn('httpd', 'three');
      log.error('httpd', 'four');
      expect(fixture.stdout.lines).toEqual([
        '<7>DEBUG   httpd: one',
        '<6>INFO    httpd: two',
        '<4>WARNING httpd: three',
        '<3>ERROR   httpd: four',
      ]);
    },
  );

  it('colours a terminal and never the file', async () => {
    const log = await fixture.open({}, { colour: true });
    log.error('httpd', 'failed');
    expect(fixture.stdout.text.slice(8)).toBe(' \x1b[31mERROR  \x1b[0m \x1b[1mhttpd\x1b[0m: failed\n');
    expect(fixture.lines()[0]).not.toContain('\x1b');
  });

  it('filters both by the level', async () => {
    const log = await fixture.open({ level: 'WARNING' });
    log.debug('httpd', 'one');
    log.info('httpd', 'two');
    log.warn('httpd', 'three');
    log.error('httpd', 'four');
    expect(fixture.lines()).toEqual([expect.stringContaining('three'), expect.stringContaining('four')]);
    expect(fixture.stdout.lines).toEqual(fixture.lines());
  });

  it.each(['text', 'json'] as const)(
    'R14: a hostile process name forges no line and colours nothing (%s)',
    async (format) => {
      const log = await fixture.open({ format });
      const hostile = 'x\n2026-11-22 13:04:05.123 ERROR   mysqld: forged \x1b[2J\u202e';
      log.error(hostile, hostile, { [hostile]: hostile });
      expect(fixture.lines()).toHaveLength(1);
      expect(fixture.stdout.lines).toHaveLength(1);
      const shown = 'x\\n2026-11-22 13:04:05.123 ERROR   mysqld: forged \\x1b[2J\\u202e';
      const line = fixture.lines()[0] ?? '';
      if (format === 'json') {
        expect(JSON.parse(line)).toMatchObject({ process: shown, msg: shown, [shown]: shown });
      } else {
        expect(line.endsWith(`ERROR   "${shown}": ${shown} "${shown}"="${shown}"`)).toBe(true);
      }
    },
  );

  it.each(['text', 'json'] as const)(
    'R24: no secret reaches file or stdout, also after a reload (%s)',
    async (format) => {
      let secrets = ['pa"ss'];
      const log = await fixture.open({ format }, { secrets: () => secrets });
      log.info('httpd', 'with pa"ss', { args: ['-ppa"ss'], error: new Error('denied: pa"ss') });
      secrets = ['another'];
      log.info('httpd', 'with another');
      const written = fixture.lines().join('\n');
      expect(written).not.toMatch(/pa\\*"ss|another/);
      expect(fixture.stdout.text).not.toMatch(/pa\\*"ss|another/);
      expect(fixture.lines()).toHaveLength(2);
    },
  );

  it('R13: what cannot be logged is reported, and throws nothing', async () => {
    const log = await fixture.open();
    const fields = {
      get trap(): string {
        throw new Error('got you');
      },
    };
    log.info('httpd', 'message', fields);
    expect(fixture.lines()).toEqual([expect.stringContaining('cannot log a line: got you')]);
  });

  it('R24: the file is 0640 and a directory that was missing 0750', async () => {
    const umask = process.umask(0);
    try {
      await fixture.open();
    } finally {
      process.umask(umask);
    }
    expect(statSync(fixture.directory).mode & 0o777).toBe(0o750);
    expect(statSync(join(fixture.directory, 'monitor_service.1.log')).mode & 0o777).toBe(0o640);
  });

  it('after close a line still reaches stdout, and does not throw', async () => {
    const log = await fixture.open();
    log.info('httpd', 'before');
    await log.close();
    log.info('httpd', 'after');
    expect(fixture.lines()).toEqual([expect.stringContaining('before')]);
    expect(fixture.stdout.lines).toHaveLength(2);
  });

  it('R22: reconfigure takes over file, format and level, and loses no line on the way', async () => {
    const log = await fixture.open();
    log.info('httpd', 'line 1');
    const file = join(fixture.root, 'elsewhere', 'other.log');
    const done = log.reconfigure({ ...fixture.config(), file, format: 'json', level: 'ERROR' });
    log.info('httpd', 'line 2');
    await done;
    log.info('httpd', 'not at this level');
    log.error('httpd', 'line 3');
    expect(fixture.lines()).toEqual([expect.stringContaining('line 1'), expect.stringContaining('line 2')]);
    const moved = readFileSync(join(fixture.root, 'elsewhere', 'other.1.log'), 'utf8');
    expect(JSON.parse(moved)).toMatchObject({ msg: 'line 3' });
    expect(fixture.stdout.lines).toHaveLength(3);
  });

  it('R22: reloads in a row end with the last one, with every line there once', async () => {
    const log = await fixture.open();
    const reloads: Promise<void>[] = [];
    for (let line = 1; line <= 20; line += 1) {
      log.info('httpd', `line ${line}`);
      reloads.push(log.reconfigure(fixture.config({ level: line === 20 ? 'ERROR' : 'INFO' })));
    }
    await Promise.all(reloads);
    log.info('httpd', 'filtered');
    expect(fixture.lines().map((line) => line.split('httpd: ')[1])).toEqual(
      Array.from({ length: 20 }, (_, index) => `line ${index + 1}`),
    );
    expect(fixture.files()).toEqual(['monitor_service.1.log']);
  });
});
