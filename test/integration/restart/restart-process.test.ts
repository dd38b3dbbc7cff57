import { execFile } from 'node:child_process';
import {
  chmod,
  chown,
  copyFile,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProcessSettings } from '../../../src/domain/cycle/process-settings.js';
import { stopProcesses } from '../../../src/restart/processes/stop-processes.js';
import { createRestart, type Restart } from '../../../src/restart/strategies/restart.js';
import { itAsRoot } from '../../support/conditional-tests.js';
import { describeProcess, isAlive, pidsWith, stateOf } from '../../support/restart/proc.js';
import { targetOf } from '../../support/restart/target.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';

const { signal } = new AbortController();
const STUBBORN = ['trap "" TERM', 'touch "$0.ready"', 'while :; do sleep 1; done'];

let work: Workspace;
let restart: Restart;
beforeEach(async () => {
  work = await createWorkspace();
  restart = createRestart({ systemd: undefined });
});
afterEach(() => work.remove());

function restartNamed(name: string, settings: Partial<ProcessSettings> = {}) {
  return restart(targetOf(name, settings), signal);
}

async function onlyPid(name: string): Promise<number> {
  const pids = await pidsWith(name);
  expect(pids).toHaveLength(1);
  return pids[0] ?? 0;
}

async function findByArgv0(file: string): Promise<number | undefined> {
  const pids = await pidsWith(basename(file));
  const argvs = await Promise.all(pids.map(async (pid) => (await describeProcess(pid)).argv));
  return pids.find((_, index) => argvs[index]?.[0] === file);
}

async function findByExe(file: string): Promise<number | undefined> {
  for (const name of await readdir('/proc')) {
    if ((await readlink(`/proc/${name}/exe`).catch(() => '')) === file) return Number(name);
  }
  return undefined;
}

async function pidsOf(file: string): Promise<number[]> {
  const names = (await readdir('/proc')).filter((name) => /^[0-9]+$/.test(name));
  const links = await Promise.all(names.map((name) => readlink(`/proc/${name}/exe`).catch(() => '')));
  return names.filter((_, index) => links[index] === file).map(Number);
}

/** What the kernel keeps of a process, read in the plainest way. */
async function describeTraits(pid: number) {
  const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8');
  const [stat, status, limits, oom] = await Promise.all(
    ['stat', 'status', 'limits', 'oom_score_adj'].map(read),
  );
  const fields = (stat ?? '').slice((stat ?? '').lastIndexOf(')') + 2).split(' ');
  const { stdout } = await promisify(execFile)('ionice', ['-p', `${pid}`]);
  return {
    nice: fields[16],
    priority: fields[37],
    policy: fields[38],
    io: stdout.trim(),
    oom: oom?.trim(),
    limits,
    status: status?.match(/^(Umask|Cap\w+|NoNewPrivs|Seccomp|Cpus_allowed_list):.*$/gm),
  };
}

async function linesOf(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').slice(0, -1);
}

async function outputsOf(pid: number): Promise<string[]> {
  return Promise.all([1, 2].map((descriptor) => readlink(`/proc/${pid}/fd/${descriptor}`)));
}

async function untilReady(name: string): Promise<void> {
  await waitFor(`${name} to be ready`, () =>
    readFile(work.path(`${name}.ready`)).then(
      () => true,
      () => false,
    ),
  );
}

describe('R18: what ran comes back as it was', () => {
  it('with its arguments, working directory and environment', async () => {
    const name = work.name();
    const script = await work.script(name, ['while :; do sleep 1; done']);
    await mkdir(work.path('a dir'));
    const hostile = ['two words', '', '$HOME `id` "$(id)"', "it's", '*', '-x', 'ünï'];
    const env = {
      A: 'quote \' and " and $B `x` \\',
      LINES: 'one\ntwo',
      EMPTY: '',
      PATH: '/usr/bin:/bin',
      NOTIFY_SOCKET: '/run/x',
    };
    const old = await work.start(script, hostile, { cwd: work.path('a dir'), env });
    const before = await describeProcess(old.pid);

    const report = await restartNamed(name);

    const pid = await onlyPid(name);
    const after = await describeProcess(pid);
    expect(pid).not.toBe(old.pid);
    expect(after).toEqual({ ...before, env: before.env.filter((line) => !line.startsWith('NOTIFY_SOCKET')) });
    expect(report).toEqual({ strategy: 'process', detail: `stopped pid ${old.pid}, started pid ${pid}` });
  });

  it('R8: somebody else may run something while it is only watched whether what was started stays', async () => {
    const name = work.name();
    await work.start(await work.script(name, ['while :; do sleep 1; done']));
    const running: string[][] = [];
    const whileIdle = async <T>(waiting: Promise<T>): Promise<T> => {
      await waitFor('the new one', async () => (await pidsWith(name)).length === 1);
      running.push((await pidsWith(name)).map(String));
      return waiting;
    };
    await restart(targetOf(name), signal, { whileIdle });
    expect(running[0]).toEqual([String(await onlyPid(name))]);
  });

  itAsRoot('under its user, group, supplementary groups and umask', async () => {
    const name = work.name();
    const file = await work.executable(name);
    const env = { SECRET: "s3cr' et\nline", PATH: '/usr/bin:/bin', LD_PRELOAD: '' };
    await work.start(
      '/usr/bin/setpriv',
      [
        '--reuid=65534',
        '--regid=65534',
        '--groups=1,7,65534',
        '--',
        '/bin/sh',
        '-c',
        `umask 027; exec ${file} 1000`,
      ],
      { env },
    );
    const old = await waitFor('the daemon', () => findByExe(file));
    const before = await describeProcess(old);

    await restartNamed(name);

    const pid = await waitFor('the new one', () => findByExe(file));
    expect(pid).not.toBe(old);
    const after = await describeProcess(pid);
    expect(after.uid).toBe('65534\t65534\t65534\t65534');
    expect(after.umask).toBe('0027');
    expect({ ...after, env: [] }).toEqual({ ...before, ppid: after.ppid, env: [] });
    expect(after.env).toEqual(expect.arrayContaining(before.env.filter((line) => !line.startsWith('PWD'))));
  });

  itAsRoot('with user and group alone, through no other program', async () => {
    const name = work.name();
    const file = await work.executable(name);
    const old = await work.start(file, ['1000'], { uid: 65534, gid: 1, argv0: 'other' });
    const before = await describeProcess(old.pid);
    await restartNamed(name);
    const pid = await waitFor('the new one', () => findByExe(file));
    expect(pid).not.toBe(old.pid);
    expect(await describeProcess(pid)).toEqual(before);
  });

  it('with the files that it wrote its output to', () => keepsItsOutputFiles({}));
  itAsRoot('with the files that it wrote its output to, as another user', () =>
    keepsItsOutputFiles({ uid: 65534, gid: 65534 }),
  );

  it('once for each of two instances', async () => {
    const name = work.name();
    const file = await work.executable(name);
    const old = [await work.start(file, ['1001']), await work.start(file, ['1002'])].map(({ pid }) => pid);
    await restartNamed(name);
    const pids = await pidsWith(name);
    expect(pids.filter((pid) => old.includes(pid))).toEqual([]);
    const argvs = await Promise.all(pids.map(async (pid) => (await describeProcess(pid)).argv[1]));
    expect(argvs.sort()).toEqual(['1001', '1002']);
  });

  it('as the new file where its executable was replaced', async () => {
    const name = work.name();
    const file = await work.executable(name);
    const old = await work.start(file);
    await work.executable(`${name}.new`);
    await rename(`${file}.new`, file);
    expect((await describeProcess(old.pid)).exe).toBe(`${file} (deleted)`);
    await restartNamed(name);
    const pid = await onlyPid(name);
    expect(pid).not.toBe(old.pid);
    expect((await stat(`/proc/${pid}/exe`)).ino).toBe((await stat(file)).ino);
  });

  it.each([
    { route: 'spawned', umask: process.umask().toString(8) },
    { route: 'through a shell', umask: '077' },
  ])('by the link it was called by (venv, busybox), $route', async ({ umask }) => {
    const name = work.name();
    await symlink('/bin/sleep', work.path(name));
    const old = await work.start('/bin/sh', ['-c', `umask ${umask}; exec ${work.path(name)} 1000`]);
    await waitFor('the daemon', async () => (await pidsWith(name)).includes(old.pid));
    const before = await describeProcess(old.pid);
    await restartNamed(name);
    const pid = await waitFor('the new one', () => findByArgv0(work.path(name)));
    expect(pid).not.toBe(old.pid);
    expect(await describeProcess(pid)).toEqual(before);
  });

  it('a script by its interpreter, with a name of more than 15 characters', async () => {
    const name = work.name('a-script-of-more-than-fifteen-');
    const script = await work.script(name, ['sleep 1000;'], '/usr/bin/perl');
    const old = await work.start(script, ['--queue', 'mail']);
    await restartNamed(name);
    const pid = await onlyPid(name);
    expect(pid).not.toBe(old.pid);
    expect((await describeProcess(pid)).argv).toEqual(['/usr/bin/perl', script, '--queue', 'mail']);
  });
});

describe('R18: the stop', () => {
  it('kills what ignores SIGTERM after stop_timeout', async () => {
    const name = work.name();
    const old = await work.start(await work.script(name, STUBBORN), []);
    await untilReady(name);
    await restartNamed(name, { stopTimeoutMs: 300 });
    expect(await isAlive(old.pid)).toBe(false);
    expect(await onlyPid(name)).not.toBe(old.pid);
  });

  it('gives a process its stop_timeout to end in its own way', async () => {
    const name = work.name();
    const script = await work.script(name, [
      `trap 'sleep 0.5; echo saved >>"$0.saved"; exit 0' TERM`,
      'touch "$0.ready"',
      'while :; do sleep 0.1; done',
    ]);
    await work.start(script, []);
    await untilReady(name);
    await restartNamed(name);
    expect(await readFile(work.path(`${name}.saved`), 'utf8')).toBe('saved\n');
  });

  it('takes the children along, whatever their names, and starts only the parent', async () => {
    const name = work.name();
    const worker = await work.executable(`${name}-worker`);
    const script = await work.script(name, [
      `${worker} 1000 &`,
      `${worker} 1000 &`,
      'touch "$0.ready"',
      'wait',
    ]);
    await work.start(script, []);
    const old = await waitFor('workers', async () => {
      const pids = await pidsWith(`${name}-worker`);
      return pids.length === 2 ? pids : undefined;
    });
    await restartNamed(name);
    for (const pid of old) expect(await isAlive(pid)).toBe(false);
    await onlyPid(name);
    await waitFor('new workers', async () => (await pidsWith(`${name}-worker`)).length === 2);
  });

  it('leaves a process alone that has the pid but another start time', async () => {
    const bystander = await work.start(await work.executable(work.name()));
    await stopProcesses([{ pid: bystander.pid, startTime: 1 }], { timeoutMs: 100, signal });
    expect(await isAlive(bystander.pid)).toBe(true);
  });

  it('hurries on abort and starts again: half stopped is worse than restarted', async () => {
    const name = work.name();
    const script = await work.script(name, [
      `trap 'touch "$0.asked"' TERM`,
      'touch "$0.ready"',
      'while :; do sleep 0.1; done',
    ]);
    const old = await work.start(script, []);
    await untilReady(name);
    const abort = new AbortController();
    const running = restart(targetOf(name, { stopTimeoutMs: 1_000_000 }), abort.signal);
    await waitFor('SIGTERM', async () => (await readdir(work.directory)).includes(`${name}.asked`));
    abort.abort();
    await running;
    expect(await onlyPid(name)).not.toBe(old.pid);
  });

  it('stops nothing when it is aborted before', async () => {
    const name = work.name();
    const old = await work.start(await work.executable(name));
    await expect(restart(targetOf(name), AbortSignal.abort())).rejects.toThrow(
      'aborted before anything was stopped',
    );
    expect(await onlyPid(name)).toBe(old.pid);
  });

  it('does not start a second one where a supervisor was faster', async () => {
    const name = work.name();
    const file = await work.executable(name);
    await work.start('/bin/sh', ['-c', `while :; do ${file} 1000; sleep 0.5; done`]);
    const old = await waitFor('the daemon', async () => (await pidsWith(name))[0]);
    const report = await restartNamed(name);
    const pid = await onlyPid(name);
    expect(pid).not.toBe(old);
    expect(report.detail).toBe(`stopped pid ${old}, its supervisor started pid ${pid}`);
  });
});

describe('R18: what could not be started again is not stopped', () => {
  it('a program that has overwritten its arguments', async () => {
    const name = work.name();
    const file = await work.executable(name);
    await copyFile('/bin/cat', file);
    const old = await work.start(file, [], {
      argv0: `${name}: master process ${file}`,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await expect(restartNamed(name)).rejects.toThrow(/has overwritten its arguments/);
    expect(await isAlive(old.pid)).toBe(true);
  });

  it('an executable that no longer exists', async () => {
    const name = work.name();
    const old = await work.start(await work.executable(name));
    await rm(work.path(name));
    await expect(restartNamed(name)).rejects.toThrow(/no longer exists/);
    expect(await isAlive(old.pid)).toBe(true);
  });

  it('a set-uid program: its arguments may be those of any user', async () => {
    const name = work.name();
    const file = await work.executable(name);
    await chmod(file, 0o4755);
    const old = await work.start(file);
    await expect(restartNamed(name)).rejects.toThrow(/set-uid/);
    expect(await isAlive(old.pid)).toBe(true);
  });
});

describe('R28: a process comes back as it was', () => {
  itAsRoot('with its priorities, limits, capabilities and its own name', async () => {
    const name = work.name();
    const file = await work.executable(name);
    const how =
      'ulimit -S -c 7; ulimit -n 777; echo 123 >/proc/self/oom_score_adj; umask 027; exec nice -n 3 ionice -c2 -n1 ' +
      'taskset -c 0 chrt --batch 0 setpriv --bounding-set=-all,+chown,+kill --no-new-privs ' +
      `/bin/bash -c 'exec -a "my own name" "$0" 1000' ${file}`;
    const old = await work.start('/bin/sh', ['-c', how]);
    await waitFor('the daemon', async () => (await findByExe(file)) === old.pid);
    const before = await describeTraits(old.pid);
    expect(before).toMatchObject({ nice: '3', policy: '3', io: 'best-effort: prio 1', oom: '123' });

    await restartNamed(name);

    const pid = await waitFor('the new one', () => findByExe(file));
    expect(pid).not.toBe(old.pid);
    expect(await describeTraits(pid)).toEqual(before);
    expect((await describeProcess(pid)).argv).toEqual(['my own name', '1000']);
    // What it started itself it also finds: there is no second one after another restart.
    await restartNamed(name);
    await waitFor('the next one', () => findByExe(file));
    expect(await pidsOf(file)).toHaveLength(1);
  });

  const KINDS: readonly (readonly [what: string, how: readonly string[]])[] = [
    ['a network namespace', ['unshare', '--net']],
    ['a mount namespace', ['unshare', '--mount']],
    ['a host name namespace', ['unshare', '--uts']],
    ['a process namespace', ['unshare', '--pid', '--fork']],
    ['a user namespace', ['unshare', '--user']],
    ['other capabilities', ['setpriv', '--reuid=65534', '--clear-groups', '--inh-caps=+chown']],
  ];
  for (const [what, how] of KINDS)
    itAsRoot(`or is not stopped: ${what}`, async () => {
      const name = work.name();
      const file = await work.executable(name);
      await work.start('/usr/bin/env', [...how, file, '1000']);
      const old = await waitFor('the daemon', () => findByExe(file));
      const refused = await restartNamed(name).catch((error: unknown) => error);
      if (how.includes('--pid'))
        expect(refused).toMatchObject({ remedy: expect.stringContaining('start_command') });
      else expect(refused).toMatchObject({ retryable: false, remedy: 'set start_command for this process' });
      expect(await isAlive(old)).toBe(true);
    });

  it.each([
    ['a pipe', 'exec "$0" 1000 | cat'],
    ['a socket', 'exec "$0" 1000 >/dev/tcp/127.0.0.1/1 || exec "$0" 1000 | cat'],
  ])('or is not stopped: its output goes to %s', async (_, script) => {
    const name = work.name();
    const file = await work.executable(name);
    await work.start('/bin/bash', ['-c', script, file]);
    const old = await waitFor('the daemon', () => findByExe(file));
    await expect(restartNamed(name)).rejects.toThrow(/writes its output to a pipe/);
    expect(await isAlive(old)).toBe(true);
  });

  itAsRoot('or is not stopped: another user could replace the file of its output', async () => {
    const name = work.name();
    await mkdir(work.path('theirs'));
    await chown(work.path('theirs'), 65534, 65534);
    const script = await work.script(name, ['echo begun', 'while :; do sleep 1; done']);
    const log = work.path('theirs/log');
    const old = await work.start('/bin/sh', ['-c', 'exec "$0" >"$1"', script, log]);
    await waitFor('its first line', async () => (await linesOf(log)).length === 1);
    await expect(restartNamed(name)).rejects.toThrow(/another user could replace/);
    expect(await isAlive(old.pid)).toBe(true);
  });

  itAsRoot('and follows no link that was put in the place of its working directory', async () => {
    const name = work.name();
    const [home, closed] = [work.path('home'), work.path('closed')];
    await mkdir(home);
    await chown(home, 65534, 65534);
    await mkdir(`${home}/app`);
    await chown(`${home}/app`, 65534, 65534);
    await mkdir(closed, { mode: 0o700 });
    // It replaces the folder when it is told to end.
    const script = await work.script(name, [
      `trap 'mv ${home}/app ${home}/old; ln -s ${closed} ${home}/app; exit 0' TERM`,
      'touch "$0.ready"; while :; do sleep 0.1; done',
    ]);
    await work.start(script, [], { cwd: `${home}/app` });
    await untilReady(name);
    await expect(restartNamed(name)).rejects.toThrow(/ended at once/);
    expect(await pidsWith(name)).toEqual([]);
  });

  it('and a copy on a terminal is left alone', async () => {
    const name = work.name();
    const file = await work.executable(name);
    const script = await work.start('/usr/bin/script', ['-qc', `${file} 2000`, '/dev/null'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const session = await waitFor('the one on a terminal', () => findByExe(file));
    await expect(restartNamed(name)).rejects.toThrow(/runs on a terminal only/);
    const daemon = await work.start(file, ['1000']);
    await restartNamed(name);
    expect(await isAlive(session)).toBe(true);
    expect(await isAlive(daemon.pid)).toBe(false);
    script.kill('SIGKILL');
  });
});

describe('R18: the start', () => {
  it('R26: is never by name on PATH', async () => {
    const name = work.name();
    await work.script(name, ['while :; do sleep 1; done']);
    const path = process.env.PATH;
    process.env.PATH = `${work.directory}:${path}`;
    try {
      const error = await restartNamed(name).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        name: 'RestartError',
        retryable: false,
        remedy: expect.stringContaining(`start_command = /path/to/${name} under [process.${name}]`),
      });
      expect(await pidsWith(name)).toEqual([]);
      // On purpose, as the Bash service did.
      await restartNamed(name, { startCommand: '%s' });
      expect(await pidsWith(name)).not.toEqual([]);
    } finally {
      process.env.PATH = path;
    }
  });

  it('R25: is none for a name without a section', async () => {
    const name = work.name();
    const error = await restart({ ...targetOf(name), hasSection: false }, signal).catch((thrown) => thrown);
    expect(error).toMatchObject({ remedy: expect.stringContaining(`add [process.${name}]`) });
  });

  it('is what ran before, where an earlier start failed', async () => {
    const name = work.name();
    const script = await work.script(name, [
      '[ -e "$0.broken" ] && exit 7',
      'touch "$0.ready"',
      'while :; do sleep 1; done',
    ]);
    await work.start(script, ['--port', '80']);
    await untilReady(name);
    await work.script(`${name}.broken`, []);
    await expect(restartNamed(name)).rejects.toThrow(`${name} ended at once: exit code 7`);
    await rm(work.path(`${name}.broken`));
    await restartNamed(name);
    expect((await describeProcess(await onlyPid(name))).argv).toEqual(['/bin/sh', script, '--port', '80']);
  });

  it('leaves no zombie when the daemon ends later', async () => {
    const name = work.name();
    await work.start(await work.executable(name));
    await restartNamed(name);
    const pid = await onlyPid(name);
    process.kill(pid, 'SIGKILL');
    await waitFor('the zombie to go', async () => (await stateOf(pid)) === undefined);
  });

  it.each([{ by: 'captured' }, { by: 'start_command' }])('outlives this service ($by)', async ({ by }) => {
    const name = work.name();
    const file = await work.executable(name);
    const old = await work.start(file);
    const once = new URL('../../support/restart/restart-once.ts', import.meta.url).pathname;
    const args = ['--import', 'tsx', once, name, ...(by === 'captured' ? [] : [`${file} 1000`])];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout).toMatch(new RegExp(`^stopped pid ${old.pid}, started pid \\d+`));
    expect(await onlyPid(name)).not.toBe(old.pid);
  });
});

describe('start_command', () => {
  it('R15: is started by a shell, with the system name for %s', async () => {
    const name = work.name();
    await work.executable(name);
    const old = await work.start(work.path(name));
    await restartNamed(name, { startCommand: `cd "${work.directory}" && "./%s" 1234 >/dev/null 2>&1 &` });
    const pid = await waitFor('the new one', async () =>
      (await pidsWith(name)).find((found) => found !== old.pid),
    );
    expect((await describeProcess(pid)).argv).toEqual([`./${name}`, '1234']);
  });

  it('R18: may stay and be the daemon', async () => {
    const name = work.name();
    const file = await work.executable(name);
    const report = await restartNamed(name, { startCommand: `exec ${file} 1000` });
    expect(report.detail).toBe(`none was running, started pid ${await onlyPid(name)} by start_command`);
  });

  itAsRoot(
    'R16, R29: that hangs is ended at its deadline, though another user has a process of that name',
    async () => {
      const name = work.name();
      const theirs = await work.start(await work.executable(name), ['1000'], { uid: 65_534 });
      const command = await work.executable(work.name());
      const restarting = restartNamed(name, {
        ...{ startCommand: `${command} 1000`, processUser: 'root', restartTimeoutMs: 1000 },
      });
      await expect(restarting).rejects.toThrow(`no end within 1 s and no process ${name}, killed`);
      expect([await isAlive(theirs.pid), await findByExe(command)]).toEqual([true, undefined]);
    },
  );

  it('R18: says with what exit code it failed', async () => {
    await expect(restartNamed(work.name(), { startCommand: 'exit 9' })).rejects.toThrow(
      'start_command: exit code 9',
    );
  });

  it('R16: is killed at its deadline when no such process appears', async () => {
    const mark = work.name();
    const command = `sh -c 'trap "" TERM; sleep 1000; : ' ${mark}; true`;
    const restarting = restartNamed(work.name(), { startCommand: command, restartTimeoutMs: 1000 });
    await expect(restarting).rejects.toThrow(/start_command: no end within 1 s/);
    expect(await pidsWith(mark)).toEqual([]);
  });

  it('R22: goes on when the service stops while it is being watched', async () => {
    const name = work.name();
    const old = await work.start(await work.executable(name));
    const other = await work.executable(work.name());
    const stop = new AbortController();
    const target = targetOf(name, { startCommand: `exec ${other} 1000` });
    const restarting = restart(target, stop.signal).catch((error: unknown) => error);
    const started = await waitFor('what it starts', () => findByExe(other));
    stop.abort();
    await restarting;
    expect([await isAlive(old.pid), await isAlive(started)]).toEqual([false, true]);
  });
});

async function keepsItsOutputFiles(credentials: {
  readonly uid?: number;
  readonly gid?: number;
}): Promise<void> {
  const name = work.name();
  await mkdir(work.path('logs'));
  if (credentials.uid !== undefined) await chown(work.path('logs'), credentials.uid, 0);
  const log = work.path("logs/it's $HOME.log");
  const script = await work.script(name, ['echo begun', 'echo bad >&2', 'while :; do sleep 1; done']);
  const old = await work.start('/bin/sh', ['-c', 'exec "$0" >"$1" 2>&1', script, log], credentials);
  await waitFor('its first lines', async () => (await linesOf(log)).length === 2);
  await restartNamed(name);
  await waitFor('the lines of the new one', async () => (await linesOf(log)).length === 4);
  expect(await linesOf(log)).toEqual(['begun', 'bad', 'begun', 'bad']);
  const pid = await onlyPid(name);
  expect(pid).not.toBe(old.pid);
  expect(await outputsOf(pid)).toEqual([log, log]);
}
