import { chmod, chown, copyFile, lchown, rename, symlink } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readStat } from '../../../src/restart/processes/procfs.js';
import { captureProcess } from '../../../src/restart/start/capture-process.js';
import { StartMemory } from '../../../src/restart/start/start-memory.js';
import { createRestart } from '../../../src/restart/strategies/restart.js';
import { describeWhere, isRoot } from '../../support/conditional-tests.js';
import { isAlive, pidsWith } from '../../support/restart/proc.js';
import { makeSetuid, NOBODY, startSetuid, whyNoSetuid } from '../../support/restart/set-uid.js';
import { targetOf } from '../../support/restart/target.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';

const { signal } = new AbortController();
/** A look at a link that is replaced all the time met it half-way in one of four. */
const LOOKS = 60;

let work: Workspace;
beforeEach(async () => {
  work = await createWorkspace();
});
afterEach(() => work.remove());

/** A folder of nobody's. */
async function theirFolder(): Promise<string> {
  const folder = await work.directoryFor('theirs');
  await chown(folder, NOBODY, NOBODY);
  return folder;
}

async function theirLink(name: string, to: string): Promise<string> {
  const link = await work.link(`theirs/${name}`, to);
  await lchown(link, NOBODY, NOBODY);
  return link;
}

function capture(pid: number) {
  return captureProcess(readStat(pid) ?? { pid, startTime: 0 });
}

describeWhere('R28: the program of a process is started again', isRoot ? undefined : 'it takes root', () => {
  it('by its own path where another user could replace the link by which it was called', async () => {
    const name = work.name();
    const file = await work.executable(name);
    await theirFolder();
    const link = await theirLink(name, file);
    const { pid } = await work.start(link);
    expect(await capture(pid)).toMatchObject({ file, argv0: link });

    // A link of root's leads there as well.
    const toTheirs = await work.link('of-root', link);
    const { pid: other } = await work.start(toTheirs);
    expect(await capture(other)).toMatchObject({ file, argv0: toTheirs });
  });

  it('by a link of root or of its own user', async () => {
    const name = work.name();
    const file = await work.executable(name);
    await theirFolder();
    const link = await theirLink(name, file);
    const { pid } = await work.start(link, ['1000'], { uid: NOBODY, gid: NOBODY });
    expect(await capture(pid)).toMatchObject({ file: link });
    const ofRoot = await work.link('of-root', file);
    const { pid: other } = await work.start(ofRoot);
    expect(await capture(other)).toMatchObject({ file: ofRoot });
  });

  it('of root only from a file that no other user could replace; of another user also from such a file', async () => {
    const name = work.name();
    const folder = await theirFolder();
    const file = await work.executable(`theirs/${name}`);
    const daemon = await work.start(file);
    await expect(createRestart({ systemd: undefined })(targetOf(name), signal)).rejects.toThrow(
      `runs ${folder}/${name}, which another user could replace: ${folder} belongs to uid ${NOBODY}`,
    );
    expect(await isAlive(daemon.pid)).toBe(true);
    const { pid } = await work.start(file, ['1000'], { uid: 1, gid: 1 });
    expect(await capture(pid)).toMatchObject({ file });
  });

  it.each([
    { mode: 0o777, because: 'another user could replace: all users may write' },
    { mode: 0o775, because: `a group could replace: gid ${NOBODY} may write` },
  ])('of root by no link in a folder where others may write, $because', async ({ mode, because }) => {
    const name = work.name();
    const file = work.path(`of-root-${name}`);
    await copyFile('/bin/cat', file);
    const folder = await work.directoryFor('shared');
    await chown(folder, 0, NOBODY);
    await chmod(folder, mode);
    const link = await work.link(`shared/${name}`, file);
    // Without arguments its own path would be another program: that it was called by the link is all that it knows.
    const { pid } = await work.start(link, [], { stdio: ['pipe', 'ignore', 'ignore'] });
    await expect(capture(pid)).rejects.toThrow(`runs ${link}, which ${because} ${folder}`);
  });

  it('as it is remembered only where its file is still one that no other user could replace', async () => {
    const name = work.name();
    const file = await work.executable(name);
    const daemon = await work.start(file);
    const start = await capture(daemon.pid);
    daemon.kill('SIGKILL');
    await theirFolder();
    const link = await theirLink(name, file);
    // As an earlier version may have remembered it.
    const memory = new StartMemory(new Map([[name, [{ ...start, file: link }]]]));
    const restart = createRestart({ systemd: undefined, memory });
    await expect(restart(targetOf(name), signal)).rejects.toThrow(
      `what is remembered of ${name} runs ${link}, which another user could replace`,
    );
    expect(await pidsWith(name)).toEqual([]);
  });
});

describeWhere('R28: a set-uid program with the user id of root', whyNoSetuid(), () => {
  it('is never recorded, whatever its name leads to while it is looked at', async () => {
    const name = work.name();
    const setuid = await makeSetuid(work);
    const called = `${await theirFolder()}/${name}`;
    await copyFile('/bin/sleep', called);
    const { pid } = await startSetuid(work, setuid, called);
    let isOver = false;
    const exchange = async (): Promise<void> => {
      while (!isOver) {
        await symlink(setuid, `${called}.link`);
        await rename(`${called}.link`, called);
        await copyFile('/bin/sleep', `${called}.file`);
        await rename(`${called}.file`, called);
      }
    };
    const exchanging = exchange();
    const captured: unknown[] = [];
    for (let look = 0; look < LOOKS; look += 1) {
      await capture(pid).then(
        (start) => captured.push(start),
        (error: unknown) => expect(error).toMatchObject({ retryable: false }),
      );
    }
    isOver = true;
    await exchanging;
    expect(captured).toEqual([]);
  });
});
