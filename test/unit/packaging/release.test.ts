import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const RELEASE = join(ROOT, 'packaging/release.mjs');
const FILES = ['package.json', 'package-lock.json', 'packaging/monitor_service.spec'];
const CHANGELOG = '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- One thing.\n';

describe('npm run release', () => {
  let checkout: string;

  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), 'release-'));
    for (const file of FILES) cpSync(join(ROOT, file), join(checkout, file));
    setVersion('0.1.0');
    writeFileSync(join(checkout, 'CHANGELOG.md'), CHANGELOG);
    git('init', '--quiet');
    git('config', 'user.name', 'somebody');
    git('config', 'user.email', 'somebody@example.org');
    commitAll();
  });
  afterEach(() => rmSync(checkout, { recursive: true }));

  const read = (file: string): string => readFileSync(join(checkout, file), 'utf8');
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: checkout, encoding: 'utf8' });

  function commitAll(): void {
    git('add', '--all');
    git('commit', '--quiet', '--message', 'A change');
  }

  function setVersion(version: string): void {
    for (const file of ['package.json', 'package-lock.json'])
      writeFileSync(
        join(checkout, file),
        read(file).replaceAll(/("name": "monitor_service",\s+"version": )"[^"]*"/g, `$1"${version}"`),
      );
  }

  function release(...args: readonly string[]): { status: number | null; output: string } {
    const options = { cwd: checkout, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [RELEASE, ...args], options);
    return { status, output: stdout + stderr };
  }

  function expectRefused(args: readonly string[], reason: RegExp): void {
    const head = git('rev-parse', 'HEAD');
    const { status, output } = release(...args);
    expect(output).toMatch(reason);
    expect(status).toBe(1);
    expect(git('rev-parse', 'HEAD')).toBe(head);
    expect(git('tag')).toBe('');
  }

  it('this checkout agrees on its version', () => {
    execFileSync(process.execPath, [RELEASE], { cwd: ROOT });
  });

  it('writes the version everywhere, commits and tags it', () => {
    expect(release('1.0.0')).toMatchObject({ status: 0 });
    expect(JSON.parse(read('package.json'))).toMatchObject({ version: '1.0.0' });
    const lock = { version: '1.0.0', packages: { '': { version: '1.0.0' } } };
    expect(JSON.parse(read('package-lock.json'))).toMatchObject(lock);
    expect(read('CHANGELOG.md')).toMatch(
      /## \[Unreleased\]\n\n## \[1\.0\.0\] - \d{4}-\d\d-\d\d\n\n### Added\n\n- One thing\.\n$/,
    );
    expect(git('status', '--porcelain')).toBe('');
    expect(git('log', '-1', '--format=%s %D')).toMatch(/^Release 1\.0\.0 .*tag: v1\.0\.0/);
    expect(release()).toEqual({ status: 0, output: 'release: everything is of version 1.0.0\n' });
  });

  it('changes no other line', () => {
    release('1.0.0');
    const removed = git('show', '--format=', '--unified=0').match(/^-(?!--).*$/gm) ?? [];
    expect(removed).toHaveLength(3);
    expect(removed.join('\n')).toMatch(/^(-\s+"version": "0\.1\.0",\n?){3}$/);
  });

  it.each([
    ['what is no version', '1.0', /1\.0 is no version such as 1\.0\.0/],
    ['the same again', '0.1.0', /0\.1\.0 is not newer than 0\.1\.0/],
    ['an older one', '0.0.10', /0\.0\.10 is not newer than 0\.1\.0/],
    ['a candidate of the same', '0.1.0-rc.1', /0\.1\.0-rc\.1 is not newer than 0\.1\.0/],
  ])('refuses %s', (_, version, reason) => {
    expectRefused([version], reason);
  });

  it('a candidate comes before the version itself, and the second before the tenth', () => {
    for (const version of ['1.0.0-rc.2', '1.0.0-rc.10', '1.0.0']) {
      writeFileSync(
        join(checkout, 'CHANGELOG.md'),
        read('CHANGELOG.md').replace('ed]\n', 'ed]\n\n- More.\n'),
      );
      commitAll();
      expect(release(version).output).toMatch(`${version} is committed`);
    }
  });

  it('refuses where nothing is Unreleased', () => {
    writeFileSync(
      join(checkout, 'CHANGELOG.md'),
      '## [Unreleased]\n\n## [0.1.0] - 2026-01-01\n\n- One thing.\n',
    );
    commitAll();
    expectRefused(['1.0.0'], /nothing under Unreleased/);
  });

  it('refuses where something is not committed', () => {
    writeFileSync(join(checkout, 'new'), '');
    expectRefused(['1.0.0'], /not committed/);
  });

  it.each([
    ['package-lock.json', '"version": "0.1.0"', '"version": "0.2.0"', /0\.1\.0, package-lock\.json 0\.2\.0/],
    ['CHANGELOG.md', '### Added', '## [0.3.0] - 2026-01-01', /newest in CHANGELOG\.md is 0\.3\.0/],
    [
      'packaging/monitor_service.spec',
      '%{package_version}',
      '1.0.0',
      /must take its version from package\.json/,
    ],
  ])('refuses where %s says another version', (file, text, other, reason) => {
    writeFileSync(join(checkout, file), read(file).replace(text, other));
    commitAll();
    expectRefused([], reason);
    expectRefused(['1.0.0'], reason);
  });
});
