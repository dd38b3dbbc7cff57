import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Log } from '../../../src/telemetry/log/log.js';
import { LogFixture } from '../../support/telemetry/log-fixture.js';
import { until } from '../../support/telemetry/until.js';

describe('log rotation', () => {
  let fixture: LogFixture;
  beforeEach(() => {
    fixture = new LogFixture();
  });
  afterEach(() => fixture.remove());

  const numberOf = (name: string | undefined) => Number(name?.split('.')[1]);

  /** Writes lines of about 200 bytes until a file with a higher number is the active one. */
  async function fillUntilRotated(log: Log, name: string): Promise<void> {
    const before = numberOf(fixture.files().at(-1));
    while (numberOf(fixture.files().at(-1)) === before) {
      log.info('httpd', `${name} ${'x'.repeat(150)}`);
      // It rotates after the line that fills the file, before anything else is done.
      await setImmediate();
    }
  }

  it.each([1, 2, 5])('keeps exactly %i files in all, across re-openings', async (logFilesToKeep) => {
    for (let opening = 1; opening <= 3; opening += 1) {
      const log = await fixture.open({ logFilesToKeep, maxLogSizeKb: 1 });
      for (let rotation = 1; rotation <= 3; rotation += 1) {
        await fillUntilRotated(log, `opening ${opening} rotation ${rotation}`);
        const expected = Math.min(logFilesToKeep, 3 * (opening - 1) + rotation + 1);
        expect(fixture.files()).toHaveLength(expected);
      }
      await log.close();
      expect(numberOf(fixture.files().at(-1))).toBe(3 * opening + 1);
    }
  });

  it('removes at once what is too much when it opens, and nothing else', async () => {
    await (await fixture.open()).close();
    for (const name of ['monitor_service.2.log', 'monitor_service.10.log', 'monitor_service.9.log']) {
      writeFileSync(join(fixture.directory, name), 'old\n');
    }
    const others = [
      'monitor_service.old.log',
      'monitor_service.log',
      'other.1.log',
      'monitor_service.1.log.gz',
    ];
    for (const name of others) writeFileSync(join(fixture.directory, name), 'mine\n');
    await fixture.open({ logFilesToKeep: 2 });
    expect(fixture.files()).toEqual(['monitor_service.9.log', 'monitor_service.10.log']);
    for (const name of others) expect(existsSync(join(fixture.directory, name)), name).toBe(true);
  });

  it('tells once of what it cannot remove, and goes on', async () => {
    const log = await fixture.open({ logFilesToKeep: 1, maxLogSizeKb: 1 });
    await fillUntilRotated(log, 'line');
    mkdirSync(join(fixture.directory, 'monitor_service.1.log'));
    for (let rotation = 1; rotation <= 2; rotation += 1) await fillUntilRotated(log, 'line');
    expect(fixture.files()).toEqual(['monitor_service.1.log', 'monitor_service.4.log']);
    const told = fixture.stdout.lines.filter((line) => line.includes('monitor_service.1.log'));
    expect(told).toEqual([expect.stringMatching(/WARNING .*directory/)]);
    rmSync(join(fixture.directory, 'monitor_service.1.log'), { recursive: true });
  });

  it('a reload with a lower number removes the rest', async () => {
    const log = await fixture.open({ maxLogSizeKb: 1 });
    for (let rotation = 1; rotation <= 3; rotation += 1) await fillUntilRotated(log, `rotation ${rotation}`);
    expect(fixture.files()).toHaveLength(4);
    await log.reconfigure(fixture.config({ logFilesToKeep: 2, maxLogSizeKb: 1 }));
    expect(fixture.files()).toEqual(['monitor_service.3.log', 'monitor_service.4.log']);
  });

  it('loses no line at a rotation, and no file is much larger than it may be', async () => {
    const log = await fixture.open({ maxLogSizeKb: 2, logFilesToKeep: 50 });
    for (let rotation = 1; rotation <= 5; rotation += 1) await fillUntilRotated(log, 'line');
    expect(fixture.lines()).toEqual(fixture.stdout.lines);
    const sizes = fixture.files().map((name) => statSync(join(fixture.directory, name)).size);
    for (const size of sizes) expect(size).toBeLessThan(2048 + 250);
  });

  it('both links lead to the active file, before and after a rotation', async () => {
    const log = await fixture.open({ maxLogSizeKb: 1 });
    expect(readlinkSync(fixture.wellKnown)).toBe('monitor_service/current.log');
    expect(realpathSync(fixture.wellKnown)).toBe(
      join(realpathSync(fixture.directory), 'monitor_service.1.log'),
    );
    await fillUntilRotated(log, 'line');
    expect(readlinkSync(fixture.current)).toBe('monitor_service.2.log');
    log.info('httpd', 'the newest line');
    expect(readFileSync(fixture.wellKnown, 'utf8')).toContain('the newest line');
  });

  it('tail -F on the well-known name follows across a rotation', async () => {
    const log = await fixture.open({ maxLogSizeKb: 1 });
    log.info('httpd', 'the first line');
    const tail = spawn('tail', ['-F', '-n', '+1', '-s', '0.05', fixture.wellKnown], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      let seen = '';
      tail.stdout.on('data', (chunk: Buffer) => {
        seen += chunk.toString();
      });
      await until('tail shows the first line', () => seen.includes('the first line'));
      await fillUntilRotated(log, 'line');
      log.info('httpd', 'a line after the rotation');
      await until('tail follows', () => seen.includes('a line after the rotation'));
    } finally {
      const ended = once(tail, 'exit');
      tail.kill();
      await ended;
    }
  });
});
