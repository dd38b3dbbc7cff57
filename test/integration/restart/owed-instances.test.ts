import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHealthCheck } from '../../../src/restart/health/health-check.js';
import { snapshotHost } from '../../../src/restart/preview/host-snapshot.js';
import { previewRestart } from '../../../src/restart/preview/preview-restart.js';
import { StartMemory } from '../../../src/restart/start/start-memory.js';
import { rememberRunning } from '../../../src/restart/strategies/remember-running.js';
import { createRestart, type Restart } from '../../../src/restart/strategies/restart.js';
import { describeProcess, isAlive, pidsWith } from '../../support/restart/proc.js';
import { scriptSystemd } from '../../support/restart/scripted-systemd.js';
import { targetOf } from '../../support/restart/target.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';

const { signal } = new AbortController();

let work: Workspace;
let memory: StartMemory;
let restart: Restart;
beforeEach(async () => {
  work = await createWorkspace();
  memory = new StartMemory();
  restart = createRestart({ systemd: undefined, memory });
});
afterEach(() => work.remove());

/** A daemon that can be made to fail for one of its arguments. */
async function instances(name: string, ...args: readonly string[]) {
  const script = await work.script(name, [
    '[ -e "$0.broken$1" ] && exit 7',
    '[ -p "$0.fifo" ] || mkfifo "$0.fifo"',
    ': >"$0.ready$1"',
    // Waits by itself: a child would bear the same arguments until it executes its own program.
    'read -r line <"$0.fifo"',
  ]);
  const started = [];
  for (const arg of args) {
    started.push(await work.start(script, [arg]));
    // Not only until it is there: it may not have looked yet whether it is to fail.
    await waitFor('its start', async () => existsSync(`${script}.ready${arg}`));
  }
  return {
    pids: started.map(({ pid }) => pid),
    fails: (arg: string) => writeFile(`${script}.broken${arg}`, ''),
    works: (arg: string) => rm(`${script}.broken${arg}`),
  };
}

async function argumentsOf(name: string): Promise<(string | undefined)[]> {
  const found = await Promise.all((await pidsWith(name)).map(describeProcess));
  return found.map(({ argv }) => argv[2]).sort();
}

async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await waitFor('its end', async () => !(await isAlive(pid)));
}

function look(name: string): Promise<void> {
  return rememberRunning(targetOf(name), memory, snapshotHost(undefined));
}

describe('R11, R26: an instance that was stopped is owed a start', () => {
  it.each([
    { hasSection: true, seen: 'and the host was looked at between' },
    { hasSection: true, seen: '' },
    { hasSection: false, seen: '' },
  ])('by the next attempt where its start failed: section $hasSection $seen', async (given) => {
    const name = work.name();
    const { fails, works } = await instances(name, '1', '2');
    const target = { ...targetOf(name), hasSection: given.hasSection };
    await fails('2');
    await expect(restart(target, signal)).rejects.toThrow('ended at once: exit code 7');
    expect(await argumentsOf(name)).toEqual(['1']);
    if (given.seen !== '') await look(name);

    // It is not healthy yet, and what `check` shows is what will be done.
    const health = createHealthCheck({ systemd: undefined, memory });
    const missing = { healthy: false, reason: `1 of 2 processes ${name} run` };
    expect(await health(target, undefined, { timeoutMs: 30_000 })).toEqual(missing);
    const healthByAuto = createHealthCheck({ systemd: scriptSystemd({ units: {} }), memory });
    const byAuto = { ...target, settings: { ...target.settings, restartStrategy: 'auto' } } as const;
    expect(await healthByAuto(byAuto, undefined, { timeoutMs: 30_000 })).toEqual(missing);
    await works('2');
    const preview = await previewRestart(target, snapshotHost(undefined, memory));
    expect(preview).toMatchObject({ processes: { starts: [{}, {}] } });
    await restart(target, signal);
    expect(await argumentsOf(name)).toEqual(['1', '2']);
    expect(await health(target, undefined, { timeoutMs: 30_000 })).toMatchObject({ healthy: true });
  });

  it('also where none of them ran any more', async () => {
    const name = work.name();
    const { pids, fails, works } = await instances(name, '1', '2');
    await look(name);
    for (const pid of pids) await kill(pid);
    await fails('2');
    await expect(restart(targetOf(name), signal)).rejects.toThrow('ended at once: exit code 7');
    await works('2');
    await restart(targetOf(name), signal);
    expect(await argumentsOf(name)).toEqual(['1', '2']);
  });

  it('also where a supervisor has started only the other one again', async () => {
    const name = work.name();
    await instances(name, '1');
    await work.start('/bin/sh', ['-c', `while :; do ${work.path(name)} 2; done`]);
    await waitFor('both', async () => (await argumentsOf(name)).length === 2);
    await restart(targetOf(name), signal);
    expect(await argumentsOf(name)).toEqual(['1', '2']);
  });

  it('but not where its supervisor only takes longer than that of the other one', async () => {
    const name = work.name();
    const script = work.path(name);
    await instances(name);
    const gate = work.path('gate');
    await work.start('/bin/sh', ['-c', `while :; do ${script} 1; done`]);
    await work.start('/bin/sh', [
      '-c',
      `while :; do ${script} 2; until [ -e ${gate} ]; do sleep 0.05; done; done`,
    ]);
    await waitFor('both', async () => (await argumentsOf(name)).length === 2);
    const [old] = await pidsWith(name);
    const restarting = restart(targetOf(name), signal);
    await waitFor('the first one anew', async () => {
      const pids = await pidsWith(name);
      return pids.length === 1 && pids[0] !== old;
    });
    await writeFile(gate, '');
    expect((await restarting).detail).toMatch(/its supervisor started \D*\d+\D+\d+$/);
    expect(await argumentsOf(name)).toEqual(['1', '2']);
  });

  it('and is not forgotten with its file: nothing more is stopped while that is not there', async () => {
    const name = work.name();
    const one = await work.start(await work.executable(name), ['1001']);
    const folder = await work.directoryFor('other');
    const other = await work.start(await work.executable(`other/${name}`), ['1002']);
    await look(name);
    await memory.begin(name);
    await kill(other.pid);
    await rename(folder, `${folder}.away`);
    await expect(restart(targetOf(name), signal)).rejects.toThrow(
      `${folder}/${name}, by which a stopped ${name} ran, is not there`,
    );
    expect(await isAlive(one.pid)).toBe(true);
    await kill(one.pid);
    await expect(restart(targetOf(name), signal)).rejects.toThrow(/ended at once|ENOENT/);
    expect(await pidsWith(name)).toHaveLength(1);
    await rename(`${folder}.away`, folder);
    await restart(targetOf(name), signal);
    expect(await pidsWith(name)).toHaveLength(2);
  });

  it('and no more once it is verified', async () => {
    const name = work.name();
    const { pids } = await instances(name, '1', '2');
    await restart(targetOf(name), signal);
    memory.end(name);
    for (const pid of pids) expect(await isAlive(pid)).toBe(false);
    const [one = 0] = await pidsWith(name);
    await kill(one);
    await look(name);
    await restart(targetOf(name), signal);
    expect(await argumentsOf(name)).toHaveLength(1);
  });
});
