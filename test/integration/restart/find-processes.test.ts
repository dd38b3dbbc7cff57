import { once } from 'node:events';
import { copyFile, mkdir, readFile, readlink, rename, symlink } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findInList, findProcesses } from '../../../src/restart/processes/find-processes.js';
import { readExecutable, readStat } from '../../../src/restart/processes/procfs.js';
import { itAsRoot } from '../../support/conditional-tests.js';
import { pidsWith, stateOf } from '../../support/restart/proc.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';

const NOBODY = 65_534;

let work: Workspace;
beforeEach(async () => {
  work = await createWorkspace();
});
afterEach(() => work.remove());

async function findPids(name: string): Promise<number[]> {
  return (await findProcesses(name)).instances.map(({ root }) => root.pid);
}

describe('R18: a process is found', () => {
  it('by its executable, whatever it calls itself', async () => {
    const name = work.name();
    const { pid } = await work.start(await work.executable(name), ['1000'], { argv0: 'other' });
    expect(await findPids(name)).toEqual([pid]);
  });

  it('by a name of more than 15 characters', async () => {
    const name = work.name('a-name-of-more-than-fifteen-characters-');
    const { pid } = await work.start(await work.executable(name));
    expect(await findPids(name)).toEqual([pid]);
    expect(await findPids(name.slice(0, 15))).toEqual([]);
  });

  it('by its executable that was deleted meanwhile', async () => {
    const name = work.name();
    const file = await work.executable(name);
    const { pid } = await work.start(file, ['1000'], { argv0: 'other' });
    await copyFile('/bin/cat', `${file}.new`);
    await rename(`${file}.new`, file);
    expect(await findPids(name)).toEqual([pid]);
  });

  it('by argv[0], where a link leads to another executable', async () => {
    const name = work.name();
    await symlink('/bin/sleep', work.path(name));
    const { pid } = await work.start(work.path(name));
    expect(await findPids(name)).toEqual([pid]);
  });

  it.each([
    { interpreter: '/bin/sh', body: 'while :; do sleep 1; done' },
    { interpreter: '/bin/bash', body: 'while :; do sleep 1; done' },
    { interpreter: '/usr/bin/env perl', body: 'sleep 1000;' },
    { interpreter: '/usr/bin/env node', body: 'setInterval(() => {}, 1000)' },
  ])('by the script that $interpreter runs', async ({ interpreter, body }) => {
    const name = work.name('script-with-a-long-name-');
    const { pid } = await work.start(await work.script(name, [body], interpreter), []);
    // env is executed first and becomes the interpreter.
    await waitFor(name, async () => (await findPids(name)).includes(pid));
  });

  it('twice where two instances run, the older first', async () => {
    const name = work.name();
    const file = await work.executable(name);
    const first = await work.start(file);
    const second = await work.start(file);
    expect((await findPids(name)).sort()).toEqual([first.pid, second.pid].sort());
  });

  itAsRoot('R29: by its user, below a process of another user with its name', async () => {
    const name = work.name();
    const daemon = await work.executable(name);
    const wrapper = work.path(`of-root/${name}`);
    await work.directoryFor('of-root');
    await work.script(`of-root/${name}`, [`setpriv --reuid=${NOBODY} --clear-groups ${daemon} 1000`, ':']);
    const parent = await work.start(wrapper, []);
    const child = await waitFor('the daemon', async () => {
      const pids = await pidsWith(name);
      const exes = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/exe`).catch(() => '')));
      return pids[exes.indexOf(daemon)];
    });
    const pidsOf = async (uid: number) =>
      (await findProcesses(name, { uid })).instances.map(({ root }) => root.pid);
    expect([await pidsOf(NOBODY), await pidsOf(0)]).toEqual([[child], [parent.pid]]);
  });

  it('once where its children have its name, with them below it', async () => {
    const name = work.name();
    await mkdir(work.path('bin'));
    const worker = await work.executable(`bin/${name}`);
    const script = await work.script(name, [`${worker} 1000 &`, `${worker} 1000 &`, 'wait']);
    const { pid } = await work.start(script, []);
    await waitFor('workers', async () => (await pidsWith(name)).length === 3);
    const { instances } = await findProcesses(name);
    expect(instances.map(({ root }) => root.pid)).toEqual([pid]);
    expect(instances[0]?.below.map(({ pid: below }) => below).sort()).toEqual(
      (await pidsWith(name)).filter((found) => found !== pid).sort(),
    );
  });
});

describe('R18: a process is not found', () => {
  it('by the name of something it only has as an argument', async () => {
    const name = work.name();
    await work.start('/bin/sh', ['-c', 'sleep 1000', name]);
    await work.start('/bin/sleep', ['1000'], { cwd: work.directory, env: { NAME: `/opt/${name}` } });
    expect(await findPids(name)).toEqual([]);
  });

  it('when it is a zombie', async () => {
    const name = work.name();
    const file = await work.executable(name);
    // A parent that never waits for its child.
    const parent = await work.start('/bin/sh', ['-c', `${file} 0 & exec sleep 1000`]);
    const child = await waitFor('a zombie', async () => {
      const children = await readFile(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8').catch(
        () => '',
      );
      const pid = Number(children.trim());
      return pid > 0 && (await stateOf(pid)) === 'Z' ? pid : undefined;
    });
    expect(child).toBeGreaterThan(0);
    expect(await findPids(name)).toEqual([]);
  });

  it('when it is this process or an ancestor of it, which is told', async () => {
    const found = await findProcesses('node');
    expect(found.fitsOurselves).toBe(true);
    const pids = found.instances.flatMap(({ root, below }) => [root.pid, ...below.map(({ pid }) => pid)]);
    expect(pids).not.toContain(process.pid);
    expect(pids).not.toContain(process.ppid);
  });

  it('when it is a kernel thread', async () => {
    expect(await findPids('kthreadd')).toEqual([]);
  });

  it('when it ends while it is looked for', async () => {
    const name = work.name();
    const file = await work.executable(name);
    const children = await Promise.all(Array.from({ length: 20 }, () => work.start(file, ['0.01'])));
    const ends = children.map((child) => (child.exitCode === null ? once(child, 'exit') : undefined));
    for (let round = 0; round < 10; round += 1) await findProcesses(name);
    await Promise.all(ends);
    expect(await findPids(name)).toEqual([]);
  });
});

describe('R27: a process whose arguments cannot be read', () => {
  itAsRoot('may be the daemon where it runs on this host, and not where it runs in a container', async () => {
    const name = work.name();
    const file = await work.executable(name);
    const find = async (parent: number) => {
      const stat = await waitFor('its start', async () =>
        (await pidsWith(name)).map(readStat).find((found) => found?.ppid === parent),
      );
      const executable = readExecutable(stat.pid);
      const unread = { stat, executable, names: [], isUnread: true } as const;
      return findInList({ stats: [stat], programs: [unread] }, { name }, new Set());
    };
    await work.start(file);
    await expect(find(process.pid)).rejects.toThrow(`cannot tell whether ${name} is running`);
    const container = await work.start('/usr/bin/unshare', ['--pid', '--fork', file, '1000']);
    expect(await find(container.pid)).toMatchObject({ instances: [] });
  });
});
