import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isPassword, parsePasswordHash } from '../../../src/lib/password-hash.js';
import { converseAtTerminal } from '../../support/cli/converse.js';
import { PROGRAM } from '../../support/program.js';

const PASSWORD = 'correct horse battery';

async function pipe(input: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, [PROGRAM, 'web-password', ...args], { stdio: 'pipe' });
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}

async function isOf(line: string, password: string): Promise<boolean> {
  const hash = parsePasswordHash(line.trim().replace(/^[^:]*:/, ''));
  return hash !== undefined && (await isPassword(password, hash));
}

describe('web-password', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'monitor-web-password-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('prints the line of a user, for the password on stdin', async () => {
    const { code, stdout } = await pipe(`${PASSWORD}\nmore\n`, 'anna');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^anna:\$scrypt\$ln=14,r=8,p=5\$\S+\n$/)]);
    expect(await isOf(stdout, PASSWORD)).toBe(true);
  });

  it('puts it into a file that nobody else may read, in place of the older one', async () => {
    const file = join(folder, 'users');
    expect((await pipe(PASSWORD, 'anna', '--file', file)).stderr).toMatch(
      /^anna is added to .*users; now: monitor_service reload\n$/,
    );
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await pipe(PASSWORD, 'berta', '--file', file);
    expect((await pipe('another one', 'anna', '--file', file)).stderr).toMatch(
      /^anna has a new password in /,
    );
    const [anna = '', berta = '', ...more] = (await readFile(file, 'utf8')).split('\n');
    expect([berta.startsWith('berta:'), more]).toEqual([true, ['']]);
    expect([await isOf(anna, PASSWORD), await isOf(anna, 'another one')]).toEqual([false, true]);
  });

  it.each([
    ['', ['anna'], 1, 'there is no password on stdin'],
    ['short\n', ['anna'], 1, 'the password has 5 characters, allowed: 8 to 200'],
    [`${'x'.repeat(201)}\n`, ['anna'], 1, 'the password has 201 characters'],
    [`correct\u001b[0m horse\n`, ['anna'], 1, 'the password has a control character'],
    [PASSWORD, ['an na'], 64, 'Allowed: a letter or digit'],
    [PASSWORD, ['anna:x'], 64, 'Allowed: a letter or digit'],
    [PASSWORD, [], 64, 'missing required argument'],
  ])('%j for %j: exit code %i', async (input, args, exitCode, message) => {
    const { code, stdout, stderr } = await pipe(input, ...args);
    expect([code, stdout]).toEqual([exitCode, '']);
    expect(stderr).toContain(message);
  });

  it('asks twice at a terminal, and shows nothing of what is typed', async () => {
    const talk = converseAtTerminal(['web-password', 'anna']);
    await talk.hear('password of anna: ');
    talk.say(`${PASSWORD}\r`);
    await talk.hear('again: ');
    talk.say(`${PASSWORD}\r`);
    await talk.hear(/anna:\$scrypt\$/);
    const { code, heard } = await talk.end();
    expect(code).toBe(0);
    expect(heard).not.toContain('horse');
  });

  it('takes no password that was mistyped, and ends with Ctrl-C', async () => {
    const talk = converseAtTerminal(['web-password', 'anna']);
    await talk.hear('password of anna: ');
    talk.say(`${PASSWORD}\r`);
    await talk.hear('again: ');
    talk.say('correct hrose battery\r');
    await talk.hear('the two passwords differ');
    expect((await talk.end()).code).toBe(1);
    const other = converseAtTerminal(['web-password', 'anna']);
    await other.hear('password of anna: ');
    other.say('\u0003');
    expect((await other.end()).code).toBe(130);
  });
});
