import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StartMemory } from '../../../src/restart/start/start-memory.js';
import { createRestart } from '../../../src/restart/strategies/restart.js';
import { SecondInstanceWatch } from '../../../src/restart/strategies/second-instance-watch.js';
import { describeProcess, isAlive, pidsWith } from '../../support/restart/proc.js';
import { targetOf } from '../../support/restart/target.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';

const { signal } = new AbortController();

let work: Workspace;
let told: string[];
let watch: SecondInstanceWatch;
beforeEach(async () => {
  work = await createWorkspace();
  told = [];
});
afterEach(async () => {
  watch.close();
  await work.remove();
});

function createRestartWith(supervisorMs: number) {
  watch = new SecondInstanceWatch((name, message) => told.push(`${name}: ${message}`), supervisorMs);
  return createRestart({ systemd: undefined, watch, memory: new StartMemory() });
}

/** A loop that starts the program anew this many seconds after its end. */
async function startLoop(name: string, pauseS: number): Promise<{ loop: number; old: number }> {
  return startLoopThat(name, `sleep ${pauseS}`);
}

/** The same, but its first start anew waits for `comeBack`. */
async function startSlowLoop(name: string, pauseS: number) {
  const gate = work.path(`${name}.gate`);
  const started = await startLoopThat(name, `until [ -e ${gate} ]; do sleep 0.05; done; sleep ${pauseS}`);
  return { ...started, comeBack: () => writeFile(gate, '') };
}

async function startLoopThat(name: string, waits: string): Promise<{ loop: number; old: number }> {
  const file = await work.executable(name);
  const loop = await work.start('/bin/sh', ['-c', `while :; do ${file} 1000; ${waits}; done`]);
  const old = await waitFor('the daemon', async () => (await pidsWith(name))[0]);
  return { loop: loop.pid, old };
}

async function parentOf(pid: number): Promise<number> {
  return (await describeProcess(pid)).ppid;
}

describe('R18: a process that somebody else starts again', () => {
  it('is waited for while its parent lives, and not started beside it', async () => {
    const restart = createRestartWith(10_000);
    const name = work.name();
    const { loop, old } = await startLoop(name, 1);
    const { detail } = await restart(targetOf(name), signal);
    const pids = await pidsWith(name);
    expect(pids).toHaveLength(1);
    expect(await parentOf(pids[0] ?? 0)).toBe(loop);
    expect(detail).toBe(`stopped pid ${old}, its supervisor started pid ${pids[0]}`);
  });

  it('is ended where we started it and its supervisor was only slower', async () => {
    const restart = createRestartWith(0);
    const name = work.name();
    const { loop, comeBack } = await startSlowLoop(name, 2);
    await restart(targetOf(name), signal);
    const [ours = 0] = await pidsWith(name);
    expect(await parentOf(ours)).not.toBe(loop);
    await comeBack();
    await waitFor('the end of the one that we started', () => told.length > 0);
    const pids = await pidsWith(name);
    expect(pids).toHaveLength(1);
    expect(await parentOf(pids[0] ?? 0)).toBe(loop);
    expect(told).toEqual([
      expect.stringMatching(
        `^${name}: its supervisor started pid ${pids[0]} after \\d+ s: pid ${ours},.*was ended$`,
      ),
    ]);
    // The next restart waits for this one.
    await restart(targetOf(name), signal);
    const [next = 0, ...more] = await pidsWith(name);
    expect(more).toEqual([]);
    expect(await parentOf(next)).toBe(loop);
  });

  it('is ended also where its supervisor came while our start was being confirmed', async () => {
    const restart = createRestartWith(0);
    const name = work.name();
    // Half a second must pass before what we have started counts as started.
    const { loop } = await startLoop(name, 0.4);
    await restart(targetOf(name), signal);
    await waitFor('the one of the supervisor alone', async () => {
      const [pid = 0, ...more] = await pidsWith(name);
      return pid > 0 && more.length === 0 && (await parentOf(pid)) === loop;
    });
  });

  it("is not ended because of somebody else's program of that name", async () => {
    const restart = createRestartWith(0);
    const name = work.name();
    const { comeBack } = await startSlowLoop(name, 0);
    await restart(targetOf(name), signal);
    const [ours = 0] = await pidsWith(name);
    const other = await work.start(work.path(name));
    await comeBack();
    await waitFor("the supervisor's", () => told.length > 0);
    expect(told[0]).not.toContain(String(other.pid));
    expect(await isAlive(ours)).toBe(false);
    expect(await isAlive(other.pid)).toBe(true);
  });

  it('is not waited for when its parent has ended with it', async () => {
    const restart = createRestartWith(1_000_000);
    const name = work.name();
    const file = await work.executable(name);
    await work.start('/bin/sh', ['-c', `${file} 1000; exit 0`]);
    await waitFor('the daemon', async () => (await pidsWith(name))[0]);
    const { detail } = await restart(targetOf(name), signal);
    expect(detail).toMatch(/started pid/);
  });
});

describe('a surprising number of instances', () => {
  it('is a refusal before any is stopped', async () => {
    const restart = createRestartWith(0);
    const name = work.name();
    const file = await work.executable(name);
    const old = await Promise.all([1, 2, 3].map(() => work.start(file)));
    await expect(restart(targetOf(name, { maxInstances: 2 }), signal)).rejects.toThrow(
      `3 processes ${name} run, more than max_instances = 2`,
    );
    for (const { pid } of old) expect(await isAlive(pid)).toBe(true);
    await restart(targetOf(name, { maxInstances: 3 }), signal);
    expect(await pidsWith(name)).toHaveLength(3);
  });
});
