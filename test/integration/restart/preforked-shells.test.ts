import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { execScript, PreforkedShells } from '../../../src/restart/commands/preforked-shells.js';
import {
  type CommandResult,
  type RunOptions,
  runCommand,
} from '../../../src/restart/commands/run-command.js';
import { isAlive } from '../../support/restart/proc.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';

let work: Workspace;
let spares: PreforkedShells;
beforeEach(async () => {
  work = await createWorkspace();
  spares = new PreforkedShells(1);
});
afterEach(async () => {
  spares.close();
  await work.remove();
});

const run = (shell: string, options: Partial<RunOptions> = {}): Promise<CommandResult> =>
  runCommand({ shell }, { timeoutMs: 30_000, spares, ...options });
/** New ones, of which none is forked before the next wait of the test, however busy the machine is. */
const replaceSpares = (): PreforkedShells => {
  spares.close();
  spares = new PreforkedShells(1);
  return spares;
};
const spare = (): Promise<number> => waitFor('a spare shell', async () => spares.waiting[0]);

describe('a command in the place of a spare shell', () => {
  it('R16: is that process, leads its session, and reads nothing from stdin', async () => {
    const pid = await spare();
    const { output } = await run('echo $$; cut -d" " -f5,6 /proc/$$/stat; wc -c; echo "$0"');
    expect(output).toBe(`${pid}\n${pid} ${pid}\n0\n/bin/sh\n`);
  });

  it('R14: gets its text and its variables as they are', async () => {
    await spare();
    const hostile = `it's $(touch ${work.path('owned')}) \`id\` "\\n" é\n}; exit 7`;
    const { output } = await run('printf %s "$GIVEN"; echo " ; it\'s"', { variables: { GIVEN: hostile } });
    expect(output).toBe(`${hostile} ; it's\n`);
    expect(await readdir(work.directory)).toEqual([]);
  });

  it('has the exit code, the output and the environment that it would have without', async () => {
    const shell = 'env | grep -v ^_= | sort; echo "no such queue" >&2; exit 3';
    await spare();
    const [one, other] = [await run(shell), await runCommand({ shell }, { timeoutMs: 30_000 })];
    expect({ ...one, durationMs: 0 }).toEqual({ ...other, durationMs: 0 });
    expect(one).toMatchObject({ outcome: 'exited', exitCode: 3 });
  });

  it('R16: is killed at its deadline with all that it started', async () => {
    const pid = await spare();
    const result = await run('trap "" TERM; sleep 77 & wait', { timeoutMs: 300 });
    expect(result).toMatchObject({ outcome: 'timed-out', survivors: [] });
    expect(await isAlive(pid)).toBe(false);
  });

  it('R16: leaves nothing behind where it is a health check', async () => {
    await spare();
    const { output } = await run('sleep 77 >/dev/null 2>&1 & echo $!', { leftovers: 'killed' });
    expect(await isAlive(Number(output))).toBe(false);
  });

  it('may be an argv', async () => {
    const pid = await spare();
    const argv = ['sh', '-c', 'echo $$ "$1"', 'sh', "a 'b' $c"] as const;
    const { output } = await runCommand({ argv }, { timeoutMs: 30_000, spares });
    expect(output).toBe(`${pid} a 'b' $c\n`);
  });
});

describe('without a spare shell for it', () => {
  it.each<[string, Partial<RunOptions>]>([
    ['what has input', { input: 'one' }],
    ['what has a directory', { cwd: '/' }],
    ['what has an environment of its own', { env: { PATH: process.env.PATH } }],
  ])('%s is forked', async (_, options) => {
    const pid = await spare();
    const { outcome, output } = await run('echo $$', options);
    expect([outcome, Number(output) === pid]).toEqual(['exited', false]);
    expect(spares.waiting).toEqual([pid]);
  });

  it('what comes before there is one is forked', async () => {
    replaceSpares();
    expect(spares.waiting).toEqual([]);
    expect(await run('echo one')).toMatchObject({ outcome: 'exited', output: 'one\n' });
  });

  it('what no program can be given is refused as ever', async () => {
    await spare();
    expect(await run('echo \0')).toMatchObject({ outcome: 'not-started' });
    expect(await run(`: ${'x'.repeat(3_000_000)}`)).toMatchObject({ outcome: 'not-started' });
  });
});

describe('spare shells', () => {
  it('are replaced when nothing runs any more', async () => {
    const pid = await spare();
    await run('exit 0');
    expect(await spare()).not.toBe(pid);
  });

  it('are not forked while something runs', async () => {
    await spare();
    await runCommand({ shell: `mkfifo ${work.path('go')}` }, { timeoutMs: 30_000 });
    const first = run(`read x < ${work.path('go')}`);
    await run('exit 0');
    // More than enough time for one.
    await runCommand({ shell: 'sleep 0.1' }, { timeoutMs: 30_000 });
    expect(spares.waiting).toEqual([]);
    await runCommand({ shell: `echo > ${work.path('go')}` }, { timeoutMs: 30_000 });
    await first;
    await spare();
  });

  it('R13: one that somebody has killed is not used, and replaced', async () => {
    const pid = await spare();
    process.kill(pid, 'SIGKILL');
    // Another one may be there already: what looks whether more are to be forked may have been due in between.
    await waitFor('its end', () => !spares.waiting.includes(pid));
    expect(await run('echo one')).toMatchObject({ outcome: 'exited', output: 'one\n' });
    expect(await spare()).not.toBe(pid);
  });

  it('R13: what cannot be forked is tried again after the next command', async () => {
    const { environment } = replaceSpares();
    environment.UNUSABLE = 'a\0b';
    expect(await run('echo one')).toMatchObject({ outcome: 'not-started' });
    // More than enough time for the attempt, which must not be the last.
    await runCommand({ shell: 'sleep 0.1' }, { timeoutMs: 30_000 });
    delete environment.UNUSABLE;
    expect(await run('echo one')).toMatchObject({ outcome: 'exited', output: 'one\n' });
    await spare();
  });

  it('R22: end with their owner', async () => {
    const pid = await spare();
    spares.close();
    await waitFor('its end', async () => !(await isAlive(pid)) || undefined);
    expect(await run('echo one')).toMatchObject({ output: 'one\n' });
    expect(spares.waiting).toEqual([]);
  });

  it('carry out nothing of a text that is cut off', async () => {
    const text = execScript(['/bin/sh', '-c', `echo > ${work.path('done')}`], { ONE: 'two' });
    for (let length = 0; length < text.length - 1; length += 1) {
      const shell = spawn('/bin/sh', ['-s'], { stdio: ['pipe', 'ignore', 'ignore'] });
      shell.stdin.end(text.slice(0, length));
      await once(shell, 'exit');
      expect(await readdir(work.directory)).toEqual([]);
    }
  });
});
