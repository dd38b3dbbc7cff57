import { once } from 'node:events';
import { firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProcessSettings } from '../../../src/domain/cycle/process-settings.js';
import type { ProcessRun } from '../../../src/domain/cycle/restart-target.js';
import { createFindRun } from '../../../src/restart/health/find-run.js';
import { createLook, createWatchRun } from '../../../src/restart/health/watch-run.js';
import { findProcesses } from '../../../src/restart/processes/find-processes.js';
import { readStat } from '../../../src/restart/processes/procfs.js';
import { itAsRoot } from '../../support/conditional-tests.js';
import { scriptSystemd } from '../../support/restart/scripted-systemd.js';
import { targetOf } from '../../support/restart/target.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';

/** Longer than any test takes: what answers before has been told so. */
const LONG_MS = 60_000;

let work: Workspace;
beforeEach(async () => {
  work = await createWorkspace();
});
afterEach(() => work.remove());

async function runOf(name: string): Promise<ProcessRun> {
  const report = { strategy: 'process', detail: '' } as const;
  const { run } = await createFindRun({ systemd: undefined })(targetOf(name), report);
  if (!run || !('processes' in run)) throw new Error(`${name} does not run`);
  return run;
}

/** The run of a process that has ended. */
function runLike(name: string, startTime: number, settings: Partial<ProcessSettings> = {}): ProcessRun {
  return { target: targetOf(name, settings), processes: [{ pid: GONE, startTime }] };
}

/** Above each pid that the kernel gives. */
const GONE = 2 ** 22;

const watch = createWatchRun(undefined);

describe('R30: a run of processes', () => {
  it('that goes on is the same when the time is over', async () => {
    const name = work.name();
    await work.start(await work.executable(name));
    expect(await firstValueFrom(watch(await runOf(name), 200))).toBeUndefined();
  });

  it('that ends is told of at once', async () => {
    const name = work.name();
    const child = await work.start(await work.executable(name));
    const run = await runOf(name);
    const ended = firstValueFrom(watch(run, LONG_MS));
    child.kill('SIGKILL');
    expect(await ended).toBe(`pid ${child.pid} has ended`);
  });

  it('that ended before is told of, whatever the time', async () => {
    const name = work.name();
    const child = await work.start(await work.executable(name));
    const run = await runOf(name);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await firstValueFrom(watch(run, 0))).toBe(`pid ${child.pid} has ended`);
  });

  it('is over where another process of that name took its place', async () => {
    const name = work.name();
    const file = await work.executable(name);
    const first = await work.start(file);
    const run = await runOf(name);
    const [, started] = [first, run.processes[0]];
    const second = await work.start(file);
    first.kill('SIGKILL');
    await once(first, 'exit');
    // As if the first had been there for long.
    const old = { ...run, processes: [{ pid: first.pid, startTime: (started?.startTime ?? 0) - 1000 }] };
    expect(await createLook(old, findProcesses)()).toBe(
      `pid ${first.pid} has ended, pid ${second.pid} was started in its place`,
    );
  });

  it('goes on where the program has made a daemon of itself, once', async () => {
    const name = work.name();
    const file = await work.executable(name);
    const parent = await work.start('/bin/sh', ['-c', `"${file}" 1000 &`]);
    await waitFor(name, async () => (await findProcesses(name)).instances.length > 0);
    const { instances } = await findProcesses(name);
    const daemon = instances
      .flatMap(({ root, below }) => [root, ...below])
      .find(({ pid }) => pid !== parent.pid);
    if (!daemon) throw new Error('no daemon');
    const look = createLook(runLike(name, daemon.startTime), findProcesses);
    expect(await look()).toBeUndefined();
    process.kill(daemon.pid, 'SIGKILL');
    await waitFor('its end', async () => (await look()) !== undefined);
  });

  it('is over where only a process of that name is left that was there before', async () => {
    const name = work.name();
    const { pid } = await work.start(await work.executable(name));
    const older = await waitFor('the older one', async () => readStat(pid));
    const run = runLike(name, older.startTime + 1);
    expect(await firstValueFrom(watch(run, LONG_MS))).toBe(`pid ${GONE} has ended`);
  });

  itAsRoot('R29: is over where another user has a process of that name', async () => {
    const name = work.name();
    const { pid } = await work.start(await work.executable(name), ['1000'], { uid: 65_534 });
    const theirs = await waitFor('theirs', async () => readStat(pid));
    const run = runLike(name, theirs.startTime, { processUser: 'root' });
    expect(await firstValueFrom(watch(run, LONG_MS))).toBe(`pid ${GONE} has ended`);
  });

  it('that is not known goes on', async () => {
    expect(await firstValueFrom(watch(undefined, 10))).toBeUndefined();
  });
});

describe('R30: a run of a unit', () => {
  const run = { unit: 'app.service', invocationId: 'run-0', nRestarts: 0 };

  it('that goes on is the same when the time is over', async () => {
    const systemd = scriptSystemd({ units: { 'app.service': {} } });
    expect(await firstValueFrom(createWatchRun(systemd)(run, 10))).toBeUndefined();
  });

  it('that is over is told of', async () => {
    const systemd = scriptSystemd({ units: { 'app.service': { invocationId: 'run-1', nRestarts: 1 } } });
    expect(await firstValueFrom(createWatchRun(systemd)(run, LONG_MS))).toMatch(/Restart=/);
  });

  it('without anybody to ask it cannot be told', async () => {
    await expect(firstValueFrom(watch(run, 10))).rejects.toMatchObject({ retryable: true });
  });
});
