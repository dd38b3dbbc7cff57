import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const PROGRAM = join(import.meta.dirname, '../../../packaging/rpm-changelog.mjs');
const HEAD = '# Changelog\n\nAll notable changes.\n\n## [Unreleased]\n';
const FIRST =
  '\n## [1.0.0] - 2026-02-03\n\n### Added\n\n- 7 % of it,\n  in two lines.\n\n### Fixed\n\n- It.\n';

describe('%changelog of the RPM', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rpm-changelog-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function print(changelog: string, ...args: readonly string[]): string {
    writeFileSync(join(folder, 'CHANGELOG.md'), changelog);
    return execFileSync(process.execPath, [PROGRAM, ...args], { cwd: folder, encoding: 'utf8' });
  }

  it('has an entry for a release, with its date and without macros', () => {
    expect(print(HEAD + FIRST, '1.0.0', '2')).toBe(
      '* Tue Feb 03 2026 Process Monitor Service - 1.0.0-2\nAdded:\n- 7 %% of it,\n  in two lines.\nFixed:\n- It.\n',
    );
  });

  it('has what is Unreleased as of today before the first release', () => {
    expect(print(`${HEAD}\n### Added\n\n- One thing.\n`, '0.1.0', '1')).toMatch(
      /^\* \w{3} \w{3} \d\d \d{4} Process Monitor Service - 0\.1\.0-1\nAdded:\n- One thing\.\n$/,
    );
  });

  it('has the newest first, and a candidate with ~', () => {
    const changelog = `${HEAD}\n- Not yet.\n\n## [1.1.0-rc.1] - 2026-03-04\n\n- More.\n${FIRST}`;
    const headings = print(changelog, '1.1.0~rc.1', '1').match(/^\*.*$/gm);
    expect(headings).toEqual([
      '* Wed Mar 04 2026 Process Monitor Service - 1.1.0~rc.1-1',
      '* Tue Feb 03 2026 Process Monitor Service - 1.0.0-1',
    ]);
  });

  it('fails where a date is none', () => {
    writeFileSync(join(folder, 'CHANGELOG.md'), `${HEAD}\n## [1.0.0] - soon\n\n- It.\n`);
    const { status, stderr } = spawnSync(process.execPath, [PROGRAM, '1.0.0', '1'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/CHANGELOG\.md: soon is no date such as 2026-01-31/);
  });
});
