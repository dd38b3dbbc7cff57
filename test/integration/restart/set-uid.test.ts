import { chmod, chown } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHealthCheck } from '../../../src/restart/health/health-check.js';
import { snapshotHost } from '../../../src/restart/preview/host-snapshot.js';
import { findProcesses } from '../../../src/restart/processes/find-processes.js';
import { StartMemory } from '../../../src/restart/start/start-memory.js';
import { rememberRunning } from '../../../src/restart/strategies/remember-running.js';
import { createRestart } from '../../../src/restart/strategies/restart.js';
import { describeWhere } from '../../support/conditional-tests.js';
import { isAlive, pidsWith } from '../../support/restart/proc.js';
import { makeSetuid, NOBODY, startSetuid, whyNoSetuid } from '../../support/restart/set-uid.js';
import { targetOf } from '../../support/restart/target.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';

const { signal } = new AbortController();

let work: Workspace;
beforeEach(async () => {
  work = await createWorkspace();
});
afterEach(() => work.remove());

function remember(name: string, memory: StartMemory): Promise<void> {
  return rememberRunning(targetOf(name), memory, snapshotHost(undefined));
}

describeWhere('R29: a set-uid program that another user has started', whyNoSetuid(), () => {
  it('is nobody, though its user id is that of the daemon', async () => {
    const name = work.name();
    const { pid } = await startSetuid(work, await makeSetuid(work), `/home/somebody/${name}`);
    for (const owner of [undefined, { uid: 0 }, { uid: NOBODY }])
      expect(await findProcesses(name, owner)).toMatchObject({ instances: [], onTerminal: [] });
    const health = createHealthCheck({ systemd: undefined });
    expect(await health(targetOf(name), undefined, { timeoutMs: 30_000 })).toMatchObject({
      healthy: false,
      reason: `no process ${name} runs`,
    });
    expect(await isAlive(pid)).toBe(true);
  });

  it('neither keeps the daemon from its restart, nor is stopped with it', async () => {
    const name = work.name();
    const daemon = await work.start(await work.executable(name));
    const { pid } = await startSetuid(work, await makeSetuid(work), name);
    await createRestart({ systemd: undefined })(targetOf(name), signal);
    expect([await isAlive(daemon.pid), await isAlive(pid)]).toEqual([false, true]);
    expect(await pidsWith(name)).toHaveLength(2);
  });

  it('does not make the service forget how the daemon was running', async () => {
    const name = work.name();
    const memory = new StartMemory();
    const daemon = await work.start(await work.executable(name));
    await remember(name, memory);
    const remembered = memory.get(name);
    expect(remembered).toHaveLength(1);
    await startSetuid(work, await makeSetuid(work), name);
    daemon.kill('SIGKILL');
    await waitFor('its end', async () => !(await isAlive(daemon.pid)));
    await remember(name, memory);
    expect(memory.get(name)).toEqual(remembered);
  });

  it('counts as his while its user id is his, and as root where root has started it', async () => {
    const [name, daemon] = [work.name(), work.name()];
    for (const file of [await work.executable(name), await work.executable(daemon)])
      await chmod(file, 0o4755);
    const { pid } = await work.start(work.path(name), ['1000'], { uid: NOBODY });
    const { pid: ofRoot } = await work.start(work.path(daemon));
    const pidsOf = async (of: string, uid: number) =>
      (await findProcesses(of, { uid })).instances.map(({ root }) => root.pid);
    expect([await pidsOf(name, NOBODY), await pidsOf(name, 0)]).toEqual([[pid], []]);
    expect(await pidsOf(daemon, 0)).toEqual([ofRoot]);
  });

  it('is told from one of the same name that root has started, whichever is asked first', async () => {
    const name = work.name();
    const setuid = await makeSetuid(work);
    await startSetuid(work, setuid, name);
    const file = await work.executable(name);
    await chmod(file, 0o4755);
    const { pid } = await work.start(file);
    await startSetuid(work, setuid, name);
    expect((await findProcesses(name)).instances.map(({ root }) => root.pid)).toEqual([pid]);
  });

  it('does not take a daemon that is set-uid and set-gid from a user who is not root', async () => {
    const name = work.name();
    const file = await work.executable(name);
    await chown(file, 1, NOBODY);
    await chmod(file, 0o6755);
    const { pid } = await work.start(file, ['1000'], { uid: 1, gid: 1 });
    const { instances } = await findProcesses(name, { uid: 1 });
    expect(instances.map(({ root }) => root.pid)).toEqual([pid]);
  });
});

describeWhere('R29: more processes of one name than one child can be asked about', whyNoSetuid(), () => {
  it('leave none out: the daemon may be the last', async () => {
    const name = work.name();
    const file = await work.executable(name);
    await work.start('/bin/sh', ['-c', `for i in $(seq 1001); do "${file}" 1000 & done; wait`]);
    await waitFor('all of them', async () => (await pidsWith(name)).length >= 1001);
    expect((await findProcesses(name)).instances).toHaveLength(1001);
  });
});

describeWhere('R26: a process that cannot be started again', whyNoSetuid(), () => {
  it("does not make the service forget how another user's was running", async () => {
    const name = work.name();
    const file = await work.executable(name);
    const memory = new StartMemory();
    const daemon = await work.start(file, ['1001'], { uid: 1, gid: 1 });
    await remember(name, memory);
    const remembered = memory.get(name);
    expect(remembered).toMatchObject([{ credentials: { uid: 1 } }]);
    const other = await work.start('/bin/sh', ['-c', `"$0" 1002 | cat`, file], { uid: NOBODY, gid: NOBODY });
    daemon.kill('SIGKILL');
    await waitFor('its end', async () => !(await isAlive(daemon.pid)));
    await waitFor('the other', async () => (await findProcesses(name)).instances.length > 0);
    await remember(name, memory);
    expect(memory.get(name)).toEqual(remembered);
    expect(await isAlive(other.pid)).toBe(true);

    // One of the same user is the daemon, which runs in another way now.
    await work.start('/bin/sh', ['-c', `"$0" 1003 | cat`, file], { uid: 1, gid: 1 });
    await waitFor('the new one', async () => (await findProcesses(name, { uid: 1 })).instances.length > 0);
    await remember(name, memory);
    expect(memory.get(name)).toBeUndefined();
  });
});
