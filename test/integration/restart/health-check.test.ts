import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CannotTellError } from '../../../src/domain/cycle/restart-target.js';
import { createHealthCheck } from '../../../src/restart/health/health-check.js';
import { createRestart } from '../../../src/restart/strategies/restart.js';
import { itAsRoot } from '../../support/conditional-tests.js';
import { isAlive, pidsWith } from '../../support/restart/proc.js';
import { targetOf } from '../../support/restart/target.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';

const checkHealth = createHealthCheck({ systemd: undefined });
const LONG = { timeoutMs: 30_000 };

let work: Workspace;
beforeEach(async () => {
  work = await createWorkspace();
});
afterEach(() => work.remove());

function check(
  name: string,
  healthCheckCommand?: string,
  options: { timeoutMs: number; signal?: AbortSignal } = LONG,
) {
  const settings = healthCheckCommand === undefined ? {} : { healthCheckCommand };
  return checkHealth(targetOf(name, settings), undefined, options);
}

describe('R21: health_check_command', () => {
  it('is healthy at exit code 0, with the system name for %s', async () => {
    expect(await check('some-name', 'test "%s" = some-name')).toMatchObject({ healthy: true });
  });

  it('is not healthy otherwise, and shows the last line', async () => {
    expect(await check('x', 'echo "connection refused"; exit 2')).toEqual({
      healthy: false,
      reason: 'health_check_command: exit code 2: connection refused',
    });
  });

  it('R16: is killed at its deadline', async () => {
    const mark = work.name();
    const verdict = await check('x', `sh -c 'sleep 1000; :' ${mark}; :`, { timeoutMs: 500 });
    expect(verdict).toEqual({
      healthy: false,
      reason: 'health_check_command: no answer within 0.5 s, killed',
    });
    expect(await pidsWith(mark)).toEqual([]);
  });

  it('R16: leaves nothing in the background', async () => {
    const file = work.path('pid');
    expect(await check('x', `sleep 1000 & echo $! >${file}`)).toMatchObject({ healthy: true });
    const pid = Number(await readFile(file, 'utf8'));
    expect(await isAlive(pid)).toBe(false);
  });

  it('ends when it is aborted', async () => {
    const verdict = await check('x', 'sleep 1000', { ...LONG, signal: AbortSignal.timeout(100) });
    expect(verdict).toEqual({ healthy: false, reason: 'health_check_command: aborted, killed' });
  });

  it('says why pgrep never finds a name of more than 15 characters, and what to write', async () => {
    const name = work.name('longer-than-fifteen-');
    const { pid } = await work.start(await work.executable(name));
    const verdict = await check(name, 'pgrep %s');
    expect(verdict).toMatchObject({ healthy: false, reason: expect.stringContaining('first 15 characters') });
    expect(await isAlive(pid)).toBe(true);
    expect(await check(name)).toEqual({ healthy: true, detail: `pid ${pid}` });
  });

  it('says which program is missing', async () => {
    const verdict = await check('x', 'no-such-program-here x');
    expect(verdict).toMatchObject({
      healthy: false,
      reason: expect.stringMatching(/exit code 127: .*not found; install that program, or/),
    });
  });
});

describe('the built-in health check', () => {
  it('finds a process by its executable, and misses it when it has ended', async () => {
    const name = work.name();
    const child = await work.start(await work.executable(name));
    expect(await check(name)).toEqual({ healthy: true, detail: `pid ${child.pid}` });
    child.kill('SIGKILL');
    await waitFor('the end', async () => !(await isAlive(child.pid)));
    expect(await check(name)).toEqual({ healthy: false, reason: `no process ${name} runs` });
  });

  it('R29: a longer name vouches for nothing, by pgrep neither', async () => {
    const name = work.name('p').slice(0, 9);
    await work.start(await work.executable(`${name}-more`));
    expect(await check(name)).toEqual({ healthy: false, reason: `no process ${name} runs` });
    expect(await check(name, 'pgrep %s')).toMatchObject({
      healthy: false,
      reason: expect.stringContaining('pgrep finds other processes'),
    });
    // Any other command is the administrator's word.
    expect(await check(name, 'pgrep -l %s')).toMatchObject({ healthy: true });
  });

  it('R27: a built-in check without an answer agrees with nothing, and spoils no other command', async () => {
    const name = work.name();
    await work.start(await work.executable(name));
    const find = () => Promise.reject(new CannotTellError('pid 7 hangs'));
    const checkBy = (healthCheckCommand: string) =>
      createHealthCheck({ systemd: undefined, find })(
        targetOf(name, { healthCheckCommand }),
        undefined,
        LONG,
      );
    expect(await checkBy('pgrep %s')).toEqual({ healthy: false, reason: 'pid 7 hangs', isUnknown: true });
    expect(await checkBy('pgrep -x %s')).toMatchObject({ healthy: true });
    expect(await checkBy('pgrep -x %s-x')).toEqual({
      healthy: false,
      reason: 'health_check_command: exit code 1',
    });
  });

  it('R29: a difference to pgrep is told where pgrep finds nothing', async () => {
    const name = work.name();
    const script = await work.script(name, ['while :; do sleep 1; done']);
    // Its comm is that of the interpreter.
    await work.start('/bin/sh', [script]);
    expect(await check(name, 'pgrep %s')).toMatchObject({
      healthy: false,
      reason: expect.stringMatching(
        /^pgrep fails, but pid \d+ runs: drop health_check_command; .*exit code 1$/,
      ),
    });
  });

  itAsRoot('R29: a program of another user than process_user is not it', async () => {
    const name = work.name();
    const file = await work.executable(name);
    const { pid } = await work.start(file, ['1000'], { uid: 65534, gid: 65534 });
    const as = (processUser: string) => checkHealth(targetOf(name, { processUser }), undefined, LONG);
    expect(await as('root')).toMatchObject({ healthy: false });
    expect(await as('65534')).toEqual({ healthy: true, detail: `pid ${pid}` });
    expect(await as('no-such-user-here')).toMatchObject({
      healthy: false,
      reason: expect.stringContaining('there is no user no-such-user-here'),
    });
    // Nor is it touched.
    const target = targetOf(name, { processUser: 'root' });
    await expect(createRestart({ systemd: undefined })(target, new AbortController().signal)).rejects.toThrow(
      /no process .* runs/,
    );
    expect(await isAlive(pid)).toBe(true);
  });

  it('does not find itself', async () => {
    const own = (await readFile('/proc/self/comm', 'utf8')).trim();
    const verdict = await check(own);
    expect(JSON.stringify(verdict)).not.toMatch(new RegExp(`\\b${process.pid}\\b`));
  });
});
