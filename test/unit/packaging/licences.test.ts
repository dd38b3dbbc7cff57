import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const PROGRAM = join(ROOT, 'packaging/licences.mjs');

describe('npm run licences', () => {
  let checkout: string;

  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), 'licences-'));
    mkdirSync(join(checkout, 'dist'));
    mkdirSync(join(checkout, 'node_modules/beside'), { recursive: true });
    writeFileSync(join(checkout, 'dist/packages.txt'), 'node_modules/beside\n');
    writeFileSync(join(checkout, 'node_modules/beside/LICENSE'), 'MIT');
  });
  afterEach(() => rmSync(checkout, { recursive: true }));

  function check(cwd: string): { status: number | null; output: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM], { cwd, encoding: 'utf8' });
    return { status, output: stdout + stderr };
  }

  function ship(...licenses: readonly object[]): void {
    const component = { name: 'ours', version: '1', licenses: [{ license: { id: 'MIT' } }] };
    const components = [{ name: 'theirs', version: '2', licenses }];
    writeFileSync(
      join(checkout, 'dist/sbom.cdx.json'),
      JSON.stringify({ metadata: { component }, components }),
    );
  }

  it('allows what is shipped', () => {
    expect(check(ROOT)).toEqual({
      status: 0,
      output: expect.stringMatching(/^licences: \d+ packages .*MIT/),
    });
  });

  it.each([
    ['an id', { license: { id: 'ISC' } }],
    ['one of two', { expression: '(GPL-3.0-only OR MIT)' }],
    ['both of two', { expression: 'MIT AND Apache-2.0' }],
  ])('allows %s that is in the list', (_, license) => {
    ship(license);
    expect(check(checkout).status).toBe(0);
  });

  it.each([
    [
      'an id that is not in the list',
      { license: { id: 'AGPL-3.0-only' } },
      /theirs 2 is under AGPL-3\.0-only;/,
    ],
    [
      'one of two that must both be kept',
      { expression: 'MIT AND GPL-3.0-only' },
      /under MIT AND GPL-3\.0-only/,
    ],
    ['what a person must read', { expression: '(MIT OR (ISC AND X))' }, /under \(MIT OR \(ISC AND X\)\)/],
    ['a name that every object has', { license: { id: 'toString' } }, /under toString/],
  ])('refuses %s', (_, license, message) => {
    ship(license);
    expect(check(checkout)).toEqual({ status: 1, output: expect.stringMatching(message) });
  });

  it('refuses a package without a licence, and one without the text of it', () => {
    ship();
    rmSync(join(checkout, 'node_modules/beside/LICENSE'));
    const { status, output } = check(checkout);
    expect(status).toBe(1);
    expect(output).toMatch(/theirs 2 is under no licence/);
    expect(output).toMatch(/node_modules\/beside has no file with its licence/);
  });
});
