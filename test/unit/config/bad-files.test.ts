import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.js';
import { exposureOf } from '../../../src/config/reading/read-file.js';
import { load, refusal, tempFolder, writeTemp } from './temp-config.js';

const USER = '[database]\nuser = root\n';
const WITH_PASSWORD = `${USER}password = hush\n`;
const isRoot = process.getuid?.() === 0;

describe('R23: a file that cannot be read', () => {
  it('is missing', () => {
    const expected = 'config.ini:1: file: does not exist, allowed: a text file (--config names another)';
    expect(refusal(join(tempFolder(), 'config.ini'))).toBe(expected);
  });

  it('is a folder', () => {
    const file = join(tempFolder(), 'config.ini');
    mkdirSync(file);
    expect(refusal(file)).toBe('config.ini:1: file: is a folder, allowed: a text file');
  });

  it('is a FIFO, which nobody will ever write', () => {
    const file = join(tempFolder(), 'config.ini');
    execFileSync('mkfifo', [file]);
    expect(refusal(file)).toBe('config.ini:1: file: is not a regular file, allowed: a text file');
  });

  it('may not be read', () => {
    const file = writeTemp(USER, { mode: 0o000 });
    const expected = 'config.ini:1: file: is not readable by this user, allowed: a readable file';
    expect(asNobody(() => refusal(file))).toBe(expected);
  });

  it('is not UTF-8: the line is named', () => {
    const file = writeTemp(Buffer.from(`${USER}; contraseña\n; fin\n`, 'latin1'));
    expect(refusal(file)).toBe(
      'config.ini:3: file: is not UTF-8, allowed: UTF-8 (iconv -f LATIN1 -t UTF-8 converts)',
    );
  });

  it('is not UTF-8 in its last line, which has no end', () => {
    const file = writeTemp(Buffer.concat([Buffer.from(USER), Buffer.from([0xc3])]));
    expect(refusal(file)).toContain('config.ini:3: file: is not UTF-8');
  });

  it('is far too large', () => {
    const file = writeTemp(`${USER}${'; padding\n'.repeat(110_000)}`);
    expect(refusal(file)).toBe(
      'config.ini:1: file: is larger than 1048576 bytes, allowed: a small text file',
    );
  });
});

describe('R24: a file with a password is private', () => {
  it.each([0o644, 0o604, 0o666])('is refused when others may read it: %o', (mode) => {
    const file = writeTemp(WITH_PASSWORD, { mode });
    expect(refusal(file)).toContain(
      `config.ini:3: database.password: every user may read this file and its password (mode 0${mode.toString(8)}), allowed: mode 0600 (chmod 600 config.ini)`,
    );
  });

  it('is refused when a group may read it that is not root', () => {
    const file = writeTemp(WITH_PASSWORD, { mode: 0o640 });
    if (isRoot) chownSync(file, 0, 12_345);
    expect(refusal(file)).toBe(
      'config.ini:3: database.password: its group may read this file and its password (mode 0640), allowed: mode 0600 (chmod 600 config.ini)',
    );
  });

  it('is refused when the password cannot even be read from it', () => {
    const file = writeTemp(`${USER}password = "hush\n`, { mode: 0o644 });
    expect(refusal(file)).toContain('every user may read this file and its password');
  });

  it.each([
    ['readable by group root', 0o640, 0, undefined],
    ['readable by another group', 0o640, 5, 'its group'],
    ['private', 0o600, 5, undefined],
    ['readable by all', 0o644, 0, 'every user'],
  ])('%s', (_what, mode, gid, readers) => {
    expect(exposureOf({ mode, gid }).readers).toBe(readers);
  });

  it('may be read by all without one', () => {
    expect(loadConfig(writeTemp(`${USER}password =\n`, { mode: 0o644 })).database.password).toBe('');
    expect(loadConfig(writeTemp(`${USER}password = ""\n`, { mode: 0o644 })).database.password).toBe('');
  });

  it('may never be written by all: its commands run as root', () => {
    expect(refusal(writeTemp(USER, { mode: 0o602 }))).toMatch(
      /^config\.ini:1: file: can be written by every user \(mode 0602\), allowed: .*\(chmod 600 config\.ini\)$/,
    );
  });
});

describe('R24: password_file', () => {
  function withPasswordFile(content: string, { mode = 0o600, written = 'secret' } = {}) {
    const folder = tempFolder();
    writeTemp(content, { folder, name: 'secret', mode });
    const file = writeTemp(`${USER}password_file = ${written}\n`, { folder, mode: 0o644 });
    return { folder, file };
  }

  it.each([
    ['hush', 'hush'],
    ['hush\n', 'hush'],
    ['hush\r\n', 'hush'],
    [' h;u#s"h \n', ' h;u#s"h '],
    ['\uFEFFhush\n', 'hush'],
  ])('%j is read as %j, from the folder of config.ini', (content, password) => {
    expect(loadConfig(withPasswordFile(content).file).database.password).toBe(password);
  });

  it.each([
    ['', '"secret" is empty, allowed: one line, the password'],
    ['\n', '"secret" is empty, allowed: one line, the password'],
    ['hush\n\n', '"secret" has more than one line, allowed: one line, the password'],
    ['hush\nhush', '"secret" has more than one line, allowed: one line, the password'],
  ])('%j is refused', (content, problem) => {
    expect(refusal(withPasswordFile(content).file)).toBe(`config.ini:3: database.password_file: ${problem}`);
  });

  it('is refused when others may read or change it', () => {
    const remedy = 'allowed: mode 0600 (chmod 600 secret)';
    expect(refusal(withPasswordFile('hush', { mode: 0o644 }).file)).toBe(
      `config.ini:3: database.password_file: every user may read "secret" (mode 0644), ${remedy}`,
    );
    expect(refusal(withPasswordFile('hush', { mode: 0o602 }).file)).toContain(
      'config.ini:3: database.password_file: "secret" can be written by every user (mode 0602), allowed: ',
    );
  });

  it('is refused when it is missing, a folder, or not readable', () => {
    const { file, folder } = withPasswordFile('hush', { written: 'other' });
    expect(refusal(file)).toContain('database.password_file: "other" does not exist');
    mkdirSync(join(folder, 'other'));
    expect(refusal(file)).toContain('database.password_file: "other" is a folder');
    const unreadable = withPasswordFile('hush', { mode: 0o000 });
    chmodSync(unreadable.folder, 0o755);
    expect(asNobody(() => refusal(unreadable.file))).toContain(
      'database.password_file: "secret" is not readable by this user',
    );
  });

  it.each(['$CREDENTIALS_DIRECTORY/secret', ['$', '{CREDENTIALS_DIRECTORY}/secret'].join('')])(
    '%s is where systemd put it',
    (written) => {
      const { folder } = withPasswordFile('hush');
      const file = writeTemp(`${USER}password_file = ${written}\n`);
      expect(loadConfig(file, { CREDENTIALS_DIRECTORY: folder }).database.password).toBe('hush');
      expect(refusal(file, {})).toBe(
        'config.ini:3: database.password_file: CREDENTIALS_DIRECTORY is not set, allowed: under systemd with LoadCredential= only',
      );
    },
  );

  it('expands no other variable', () => {
    const { file } = withPasswordFile('hush', { written: '$HOME/secret' });
    expect(refusal(file, { HOME: '/' })).toContain('"$HOME/secret" does not exist');
  });

  it('left empty, leaves the place to password', () => {
    expect(load(`${WITH_PASSWORD}password_file =`).database.password).toBe('hush');
  });
});

describe.skipIf(!isRoot)('a file that another user could change', () => {
  it.each([
    [
      'belongs to him',
      (file: string) => chownSync(file, 12_345, 0),
      /^config\.ini:1: file: belongs to uid 12345, /,
    ],
    [
      'can be written by his group',
      (file: string) => {
        chownSync(file, 0, 12_346);
        chmodSync(file, 0o660);
      },
      /can be written by group 12346 \(mode 0660\)/,
    ],
    [
      'is in a folder of his',
      (file: string) => chownSync(dirname(file), 12_345, 0),
      /is in \S+, which belongs to uid 12345, /,
    ],
    [
      'is in a folder that all can write',
      (file: string) => chmodSync(dirname(file), 0o777),
      /which can be written by every user/,
    ],
  ])('is refused, with the remedy: it %s', (_, change, expected) => {
    const file = writeTemp(USER);
    change(file);
    expect(refusal(file)).toMatch(expected);
    expect(refusal(file)).toMatch(
      /allowed: a file and folders that only root can change \((chown root|chmod \S+) /,
    );
  });

  it.each(['password_file', 'ssl_ca'])('is refused as %s', (key) => {
    const folder = tempFolder();
    const other = writeTemp('hush', { folder, name: 'other' });
    const file = writeTemp(`${USER}${key} = other\n`, { folder });
    expect(refusal(file)).toBe('accepted');
    chownSync(other, 12_345, 0);
    expect(refusal(file)).toContain(`config.ini:3: database.${key}: "other" belongs to uid 12345, allowed: `);
  });
});

/** Root may read everything: what it would be refused is tried as nobody. */
function asNobody<T>(action: () => T): T {
  if (!isRoot) return action();
  process.seteuid?.(65_534);
  try {
    return action();
  } finally {
    process.seteuid?.(0);
  }
}
