import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { findUntrustedPlace } from '../../../../src/lib/files/find-untrusted-place.js';

const ROOT = { uid: 0, gid: 0 };
const SOMEBODY = { uid: 12_345, gid: 12_346 };
let top: string;
let file: string;

/** Only root can give files away. */
const isRoot = process.getuid?.() === 0;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'monitor-untrusted-'));
  onTestFinished(() => rmSync(top, { recursive: true, force: true }));
  chmodSync(top, 0o755);
  mkdirSync(join(top, 'etc/service'), { recursive: true, mode: 0o755 });
  file = join(top, 'etc/service/config.ini');
  writeFileSync(file, '', { mode: 0o600 });
});

function found(path = file, reader = ROOT): string | undefined {
  const untrusted = findUntrustedPlace(path, reader);
  return (
    untrusted &&
    `${untrusted.path.replace(top, '')} ${untrusted.problem}: ${untrusted.remedy.replace(top, '')}`
  );
}

describe.skipIf(!isRoot)('who else could change a file that root relies on', () => {
  it("nobody's, with a folder of root's in /tmp", () => {
    expect(found()).toBeUndefined();
  });

  it('its owner', () => {
    chownSync(file, 12_345, 0);
    expect(found()).toBe('/etc/service/config.ini belongs to uid 12345: chown root /etc/service/config.ini');
  });

  it('the owner of a folder far above it', () => {
    chownSync(join(top, 'etc'), 12_345, 0);
    expect(found()).toBe('/etc belongs to uid 12345: chown root /etc');
  });

  it.each([
    ['every user', 0o602, 0, 'every user'],
    ['a group', 0o660, 12_346, 'group 12346'],
  ])('%s that may write it', (_, mode, gid, who) => {
    chownSync(file, 0, gid);
    chmodSync(file, mode);
    expect(found()).toBe(
      `/etc/service/config.ini can be written by ${who} (mode 0${mode.toString(8)}): chmod 600 /etc/service/config.ini`,
    );
  });

  it.each([
    ['every user', 0o777, 0, 'every user'],
    ['a group', 0o775, 12_346, 'group 12346'],
  ])('%s that may write a folder on the way', (_, mode, gid, who) => {
    chownSync(join(top, 'etc'), 0, gid);
    chmodSync(join(top, 'etc'), mode);
    expect(found()).toBe(`/etc can be written by ${who} (mode 0${mode.toString(8)}): chmod go-w /etc`);
  });

  it("not root's group", () => {
    chmodSync(file, 0o660);
    chmodSync(join(top, 'etc'), 0o775);
    expect(found()).toBeUndefined();
  });

  it('not who may add files to a folder with the sticky bit, but who owns one there', () => {
    chmodSync(join(top, 'etc/service'), 0o1777);
    expect(found()).toBeUndefined();
    chownSync(file, 12_345, 0);
    expect(found()).toContain('belongs to uid 12345');
  });

  it('the owner of a link on the way, and of what it leads to', () => {
    symlinkSync('etc', join(top, 'link'));
    const path = join(top, 'link/service/config.ini');
    expect(found(path)).toBeUndefined();
    lchownSync(join(top, 'link'), 12_345, 0);
    expect(found(path)).toBe('/link belongs to uid 12345: chown -h root /link');
    lchownSync(join(top, 'link'), 0, 0);
    chownSync(join(top, 'etc/service'), 12_345, 0);
    expect(found(path)).toContain('/etc/service belongs to uid 12345');
  });

  it('not the user himself, nor root, nor the own group of one who is not root', () => {
    chownSync(file, 12_345, 12_346);
    chmodSync(file, 0o660);
    chownSync(join(top, 'etc/service'), 12_345, 12_346);
    chmodSync(join(top, 'etc/service'), 0o2770);
    expect(found(file, SOMEBODY)).toBeUndefined();
    chownSync(file, 12_347, 12_346);
    expect(found(file, SOMEBODY)).toContain('belongs to uid 12347: chown 12345 ');
  });
});

it('ends where links lead in a circle, or nowhere', () => {
  symlinkSync('b', join(top, 'a'));
  symlinkSync('a', join(top, 'b'));
  expect(findUntrustedPlace(join(top, 'a'))).toBeUndefined();
  expect(findUntrustedPlace(join(top, 'nothing'))).toBeUndefined();
});
