import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from '../../support/program.js';

const EX_USAGE = 64;
const EX_CONFIG = 78;

const run = (...args: readonly string[]) => runProgram(args);

describe('a start that cannot succeed', () => {
  let directory: string;
  let file: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'monitor_service-start-'));
    file = join(directory, 'config.ini');
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('R23: there is no configuration file', async () => {
    expect(await run('run', '--config', file)).toEqual({
      code: EX_CONFIG,
      stdout: '',
      stderr: `${file}:1: file: does not exist, allowed: a text file (--config names another)\n`,
    });
  });

  it('R23: the configuration file is a folder', async () => {
    await mkdir(file);
    expect(await run('run', '--config', file)).toEqual({
      code: EX_CONFIG,
      stdout: '',
      stderr: `${file}:1: file: is a folder, allowed: a text file\n`,
    });
  });

  it('R24: the file holds a password and others may read it', async () => {
    await writeFile(file, '[database]\nuser = x\npassword = zebra-7-staple\n', { mode: 0o644 });
    expect(await run('run', '--config', file)).toEqual({
      code: EX_CONFIG,
      stdout: '',
      stderr: `${file}:3: database.password: every user may read this file and its password (mode 0644), allowed: mode 0600 (chmod 600 ${file})\n`,
    });
  });

  it('R23: every fault is told at once, in the order of the lines', async () => {
    const lines = [
      '[database]',
      'port = 70000',
      'pasword = zebra-7-staple',
      '[monitor]',
      'check_interval = often',
      'exclude = a, b',
      '[process.web server]',
      'max_attempts = 0',
      'restart_strategy = custom',
      '[proces.x]',
    ];
    await writeFile(file, lines.join('\n'), { mode: 0o600 });
    const { code, stdout, stderr } = await run('run', '--config', file);
    expect(code).toBe(EX_CONFIG);
    expect(stdout).toBe('');
    expect(stderr.split('\n')).toEqual([
      `${file}:1: database.user: is missing, allowed: the database account of the service`,
      `${file}:2: database.port: "70000" is out of range, allowed: 1 to 65535`,
      `${file}:3: database.pasword: is not a known key, did you mean "password"?`,
      `${file}:5: monitor.check_interval: "often" is not a number of seconds, allowed: 0.05 to 604800 seconds`,
      `${file}:7: [process.web server]: the process name has characters outside A-Z a-z 0-9 . _ @ : - or does not begin with a letter or digit, allowed: any name, if its section sets system_name`,
      `${file}:8: process.web server.max_attempts: "0" is out of range, allowed: 1 to 100`,
      `${file}:9: process.web server.restart_strategy: strategy custom needs a command to run, allowed: custom together with restart_command`,
      `${file}:10: [proces.x]: is not a known section, did you mean "[process.x]"?`,
      '',
    ]);
  });

  it.each([
    [['run', '--no-such-option'], /unknown option '--no-such-option'/],
    [['no-such-command'], /unknown command 'no-such-command'\n→ monitor_service --help lists the commands/],
    [['run', '--config'], /argument missing/],
  ])('wrong arguments: %j', async (args, message) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(EX_USAGE);
    expect(stderr).toMatch(message);
  });

  it('--version and --help say what they are asked, and end with exit code 0', async () => {
    expect(await run('--version')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    expect(await run('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('run') });
  });
});
