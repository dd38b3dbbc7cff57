import { mkdirSync, readFileSync, readlinkSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogFixture } from '../../support/telemetry/log-fixture.js';

describe('the links to the log', () => {
  let fixture: LogFixture;
  beforeEach(() => {
    fixture = new LogFixture();
  });
  afterEach(() => fixture.remove());

  const warnings = () => fixture.stdout.lines.filter((line) => line.includes('WARNING'));

  it('keeps its own link, and says nothing', async () => {
    await (await fixture.open()).close();
    await fixture.open();
    expect(readlinkSync(fixture.wellKnown)).toBe('monitor_service/current.log');
    expect(warnings()).toEqual([]);
  });

  it('replaces a dangling link', async () => {
    symlinkSync('/nowhere/at/all.log', fixture.wellKnown);
    await fixture.open();
    expect(readlinkSync(fixture.wellKnown)).toBe('monitor_service/current.log');
  });

  it("leaves an older service's log as it is, and says so once", async () => {
    writeFileSync(fixture.wellKnown, 'written by the Bash service\n');
    const log = await fixture.open();
    log.info('httpd', 'line');
    expect(readFileSync(fixture.wellKnown, 'utf8')).toBe('written by the Bash service\n');
    expect(warnings()).toEqual([expect.stringContaining(`${fixture.wellKnown} is an older file`)]);
    expect(fixture.lines()).toEqual([expect.stringContaining('httpd: line')]);
  });

  it('leaves a link that points to another file as it is, and says so once', async () => {
    const other = join(fixture.root, 'other.log');
    writeFileSync(other, '');
    symlinkSync(other, fixture.wellKnown);
    await fixture.open();
    expect(readlinkSync(fixture.wellKnown)).toBe(other);
    expect(warnings()).toEqual([expect.stringContaining('points elsewhere')]);
  });

  it('R13: logs to the file also where current.log cannot be a link', async () => {
    mkdirSync(join(fixture.directory, 'current.log'), { recursive: true });
    const log = await fixture.open();
    log.info('httpd', 'line');
    expect(fixture.lines()).toEqual([expect.stringContaining('httpd: line')]);
    expect(warnings()).toEqual([expect.stringContaining('current.log is not a symbolic link')]);
  });

  it('R11: an interrupted change of the link is made up for', async () => {
    mkdirSync(fixture.directory);
    symlinkSync('monitor_service.7.log', `${fixture.current}.new`);
    await fixture.open();
    expect(realpathSync(fixture.current)).toBe(
      join(realpathSync(fixture.directory), 'monitor_service.1.log'),
    );
  });
});
