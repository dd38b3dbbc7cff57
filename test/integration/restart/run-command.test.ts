import { getEventListeners } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeCommandFailure } from '../../../src/restart/commands/describe-command-failure.js';
import { PreforkedShells } from '../../../src/restart/commands/preforked-shells.js';
import { runCommand } from '../../../src/restart/commands/run-command.js';
import { isAlive, pidsWith, stateOf } from '../../support/restart/proc.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';

const LONG = { timeoutMs: 30_000 };
const SHORT = { timeoutMs: 1000 };

let work: Workspace;
beforeEach(async () => {
  work = await createWorkspace();
});
afterEach(() => work.remove());

async function readPid(name: string): Promise<number> {
  return waitFor(`pid in ${name}`, async () =>
    Number(await readFile(work.path(name), 'utf8').catch(() => '')),
  );
}

describe('the outcome of a command', () => {
  it('R15: runs shell text by /bin/sh, with pipes', async () => {
    const result = await runCommand({ shell: 'echo one two | tr a-z A-Z' }, LONG);
    expect(result).toMatchObject({ outcome: 'exited', exitCode: 0, output: 'ONE TWO\n' });
  });

  it.each([{ spares: false }, { spares: true }])(
    'R15: a command does not find itself by pgrep -f, with a waiting shell: $spares',
    async ({ spares }) => {
      const mark = work.name();
      const shells = spares ? new PreforkedShells(1) : undefined;
      if (shells) await waitFor('a waiting shell', () => shells.waiting.length === 1);
      const options = { ...LONG, ...(shells && { spares: shells }) };
      for (const shell of [
        `pgrep -f ${mark}`,
        `pgrep -f ${mark} || exit 1; exit 0`,
        `pgrep -f ${mark} | cat`,
      ]) {
        const result = await runCommand({ shell }, options);
        expect(result).toMatchObject({ outcome: 'exited', output: '' });
      }
      shells?.close();
    },
  );

  it('tells a command who it is, as cron does, and nothing of how', async () => {
    const env = { PATH: process.env.PATH, HOME: '/elsewhere', SHELL: '/bin/zsh', USER: 'somebody' };
    const shell = 'echo "$SHELL $HOME $USER $LOGNAME"; env | grep -c MONITOR_';
    const { output } = await runCommand({ shell }, { ...LONG, env });
    const { username, homedir } = userInfo();
    expect(output).toBe(`/bin/sh ${homedir} ${username} ${username}\n0\n`);
  });

  it('R14: an argv reaches no shell', async () => {
    const hostile = `$(touch ${work.path('owned')}); \`id\` | "*" 'x`;
    const result = await runCommand({ argv: ['printf', '%s', hostile] }, LONG);
    expect(result).toMatchObject({ outcome: 'exited', exitCode: 0, output: hostile });
    expect(await readdir(work.directory)).toEqual([]);
  });

  it('is given its input and its variables', async () => {
    const result = await runCommand(
      { shell: 'printf "%s:" "$MONITOR_EVENT"; cat' },
      { ...LONG, input: 'one\ntwo', variables: { MONITOR_EVENT: "it's $(id)" } },
    );
    expect(result).toMatchObject({ outcome: 'exited', exitCode: 0, output: "it's $(id):one\ntwo" });
  });

  it('without input stdin is empty', async () => {
    expect(await runCommand({ shell: 'wc -c' }, LONG)).toMatchObject({ output: '0\n' });
  });

  it('R13: input that nobody reads breaks nothing', async () => {
    const result = await runCommand({ shell: 'exec <&-; exit 0' }, { ...LONG, input: 'x'.repeat(1_000_000) });
    expect(result).toMatchObject({ outcome: 'exited', exitCode: 0 });
  });

  it('R16: shows exit code and last line of stdout and stderr', async () => {
    const result = await runCommand({ shell: 'echo first; echo "no such queue" >&2; exit 3' }, LONG);
    expect(describeCommandFailure(result)).toBe('exit code 3: no such queue');
  });

  it('R16: says by which signal a command ended', async () => {
    const result = await runCommand({ shell: 'kill -SEGV $$' }, LONG);
    expect(result).toMatchObject({ outcome: 'killed', signal: 'SIGSEGV' });
    expect(describeCommandFailure(result)).toBe('ended by SIGSEGV');
  });

  it.each([
    { fault: 'no such file', argv: ['/nonexistent/program'] as const },
    { fault: 'a NUL in an argument', argv: ['printf', 'a\0b'] as const },
    { fault: 'too long an argument', argv: ['true', 'x'.repeat(3_000_000)] as const },
  ])('R16: a command that cannot be started is an outcome: $fault', async ({ argv }) => {
    const result = await runCommand({ argv }, LONG);
    expect(result.outcome).toBe('not-started');
    expect(describeCommandFailure(result)).toMatch(/^could not be started: /);
  });

  it('R16: keeps the end of a long output, without NULs', async () => {
    const result = await runCommand(
      { shell: 'yes 0123456789 | head -c 1000000; printf "e\\0n\\033d"' },
      LONG,
    );
    expect(result.output).toHaveLength(4096 - 2);
    expect(result.output.endsWith('end')).toBe(true);
  });

  it('gives a command nothing to read and nothing that is meant for this service alone', async () => {
    const env = {
      PATH: process.env.PATH,
      NOTIFY_SOCKET: '/x',
      WATCHDOG_USEC: '1',
      WATCHDOG_PID: '2',
      MONITOR_X: '3',
      KEPT: 'yes',
    };
    const result = await runCommand(
      { shell: 'cat; env | cut -d= -f1 | sort | tr "\\n" " "' },
      { ...LONG, env },
    );
    expect(result.output).toBe('HOME KEPT LOGNAME PATH PWD SHELL USER ');
  });

  it('leaves no descriptor and no listener behind', async () => {
    await runCommand({ shell: 'true' }, LONG);
    const before = (await readdir('/proc/self/fd')).length;
    const { signal } = new AbortController();
    for (let round = 0; round < 20; round += 1) await runCommand({ shell: 'echo x' }, { ...LONG, signal });
    await runCommand({ shell: 'sleep 100' }, { timeoutMs: 50, signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    await waitFor('the descriptors to go', async () => (await readdir('/proc/self/fd')).length <= before);
  });
});

describe('the deadline of a command', () => {
  it('R16: kills the group at the deadline and says so', async () => {
    const mark = work.name();
    const result = await runCommand(
      { shell: `echo asking; sh -c 'sleep 1000; : ${mark}' ${mark} & wait` },
      SHORT,
    );
    expect(result).toMatchObject({ outcome: 'timed-out', survivors: [] });
    expect(describeCommandFailure(result)).toBe('no answer within 1 s, killed: asking');
    expect(await pidsWith(mark)).toEqual([]);
  });

  it('R16: SIGKILL follows where SIGTERM is ignored', async () => {
    const script = await work.script('stubborn', [
      'trap "" TERM',
      `echo $$ >${work.path('pid')}`,
      'while :; do sleep 1; done',
    ]);
    const result = await runCommand({ argv: [script] }, SHORT);
    expect(result.outcome).toBe('timed-out');
    expect(await stateOf(await readPid('pid'))).toBeUndefined();
  });

  it('R16: a stopped command is no refuge', async () => {
    const result = await runCommand({ shell: `echo $$ >${work.path('pid')}; kill -STOP $$` }, SHORT);
    expect(result.outcome).toBe('timed-out');
    expect(await isAlive(await readPid('pid'))).toBe(false);
  });

  it('R16: a grandchild that left the group does not survive the deadline', async () => {
    const result = await runCommand(
      {
        shell: `setsid sh -c 'trap "" TERM; echo $$ >${work.path('pid')}; while :; do sleep 1; done' & wait`,
      },
      SHORT,
    );
    expect(result).toMatchObject({ outcome: 'timed-out', survivors: [] });
    expect(await isAlive(await readPid('pid'))).toBe(false);
  });

  it('R16: a grandchild in a process group of its own does not either, though its parent has ended', async () => {
    const inner = `echo $$ >${work.path('pid')}; exec sleep 1000`;
    const result = await runCommand({ shell: `set -m; (sh -c '${inner}' & ); sleep 1000` }, SHORT);
    expect(result.outcome).toBe('timed-out');
    expect(await isAlive(await readPid('pid'))).toBe(false);
  });

  it('R16: abort ends the command like a deadline', async () => {
    const abort = new AbortController();
    const running = runCommand(
      { shell: `echo $$ >${work.path('pid')}; sleep 1000` },
      { ...LONG, signal: abort.signal },
    );
    const pid = await readPid('pid');
    abort.abort();
    expect(await running).toMatchObject({ outcome: 'aborted', survivors: [] });
    expect(await isAlive(pid)).toBe(false);
  });

  it('R16: an aborted signal starts nothing', async () => {
    const result = await runCommand(
      { shell: `touch ${work.path('ran')}` },
      { ...LONG, signal: AbortSignal.abort() },
    );
    expect(result.outcome).toBe('aborted');
    expect(await readdir(work.directory)).toEqual([]);
  });
});

describe('R16: the deadline of a command when this process has stood still', () => {
  it('is not held against a command that ended in time', async () => {
    const before = childrenOfOurs();
    const running = runCommand({ shell: 'exit 3' }, { timeoutMs: 200 });
    const [pid] = childrenOfOurs().filter((child) => !before.includes(child));
    standStill(400);
    while (!/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) standStill(20);
    expect(await running).toMatchObject({ outcome: 'exited', exitCode: 3 });
  });

  it('holds for one that still runs', async () => {
    const running = runCommand({ shell: 'sleep 1000' }, { timeoutMs: 200 });
    standStill(400);
    expect(await running).toMatchObject({ outcome: 'timed-out' });
  });

  function childrenOfOurs(): readonly string[] {
    return readdirSync('/proc').filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/status`, 'utf8').includes(`\nPPid:\t${process.pid}\n`);
      } catch {
        return false;
      }
    });
  }

  /** As for a SIGSTOP: no timer and no event is heard meanwhile. */
  function standStill(ms: number): void {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  }
});

describe('what a command leaves behind', () => {
  it('R16: a grandchild that holds stdout open blocks nothing, and lives on', async () => {
    const result = await runCommand({ shell: `sleep 1000 & echo $! >${work.path('pid')}; echo done` }, LONG);
    expect(result).toMatchObject({ outcome: 'exited', exitCode: 0, output: 'done\n' });
    const pid = await readPid('pid');
    expect(await isAlive(pid)).toBe(true);
    process.kill(pid);
  });

  it('R16: what it still writes does not kill it', async () => {
    const script = await work.script('talker', [
      'sleep 0.3',
      'echo late',
      'echo late',
      `touch ${work.path('wrote')}`,
      'exec sleep 1000',
    ]);
    await runCommand({ shell: `${script} & echo $! >${work.path('pid')}` }, LONG);
    await waitFor('the daemon to write', async () => (await readdir(work.directory)).includes('wrote'));
    const pid = await readPid('pid');
    expect(await isAlive(pid)).toBe(true);
    process.kill(pid);
  });

  it('R16: a daemon in a session of its own lives on', async () => {
    const result = await runCommand(
      { shell: `setsid sh -c 'echo $$ >${work.path('pid')}; exec sleep 1000' >/dev/null 2>&1 &` },
      LONG,
    );
    expect(result).toMatchObject({ outcome: 'exited', exitCode: 0 });
    const pid = await readPid('pid');
    expect(await isAlive(pid)).toBe(true);
    process.kill(pid);
  });

  it('R16: where nothing is to be left behind, nothing is', async () => {
    const result = await runCommand(
      { shell: `sleep 1000 & echo $! >${work.path('pid')}` },
      { ...LONG, leftovers: 'killed' },
    );
    expect(result).toMatchObject({ outcome: 'exited', exitCode: 0 });
    expect(await isAlive(await readPid('pid'))).toBe(false);
  });

  it('R16: nor what went to a group of its own', async () => {
    const result = await runCommand(
      // timeout(1) makes one, and stays in the session.
      { shell: `timeout 1000 sleep 1000 & echo $! >${work.path('pid')}; sleep 0.1` },
      { ...LONG, leftovers: 'killed' },
    );
    expect(result).toMatchObject({ outcome: 'exited', exitCode: 0 });
    expect(await isAlive(await readPid('pid'))).toBe(false);
  });

  it('R16: nor what a command leaves behind that takes more than a second', async () => {
    const result = await runCommand(
      { shell: `sleep 1000 & echo $! >${work.path('pid')}; sleep 1.1` },
      { ...LONG, leftovers: 'killed' },
    );
    expect(result).toMatchObject({ outcome: 'exited', exitCode: 0 });
    expect(await isAlive(await readPid('pid'))).toBe(false);
  });
});
