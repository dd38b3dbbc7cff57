import { open, readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CannotTellError } from '../../../src/domain/cycle/restart-target.js';
import { findProcesses } from '../../../src/restart/processes/find-processes.js';
import { hangingLooks } from '../../../src/restart/processes/hanging-looks.js';
import { LookingChild } from '../../../src/restart/processes/looking-child.js';
import { captureProcess } from '../../../src/restart/start/capture-process.js';
import { logHangingLooks } from '../../../src/service/status/log-hanging-looks.js';
import { describeWhere } from '../../support/conditional-tests.js';
import { type DeadMount, mountDead, whyNoDeadMount } from '../../support/restart/dead-mount.js';
import { startMemoryHolder, whyNoMemoryHolder } from '../../support/restart/hold-memory.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';

let work: Workspace;
let mount: DeadMount;
beforeEach(async () => {
  work = await createWorkspace();
  mount = await mountDead(work.path('mount'));
});
afterEach(async () => {
  await mount.unmount();
  await work.remove();
});

/** As it is found, with its start time. */
async function onlyInstance(name: string) {
  const [instance] = (await findProcesses(name)).instances;
  if (!instance) throw new Error(`${name} does not run`);
  return instance.root;
}

async function startDaemon(output: string) {
  const name = work.name();
  const file = await open(output, 'a');
  try {
    const { pid } = await work.start(await work.executable(name), ['1000'], {
      stdio: ['ignore', file.fd, file.fd],
    });
    return { name, pid };
  } finally {
    await file.close();
  }
}

describeWhere('R27, R33: a daemon whose output is on a dead mount', whyNoDeadMount(), () => {
  it('cannot be told how to be started again, and costs one look that is left alone', async () => {
    const [dead, deadToo] = [
      await startDaemon(`${mount.directory}/a`),
      await startDaemon(`${mount.directory}/b`),
    ];
    const well = await startDaemon(work.path('log'));
    await mount.die();
    const roots = await Promise.all([dead, deadToo].map(({ name }) => onlyInstance(name)));
    await expect(captureProcess(roots[0] ?? fail())).rejects.toThrow(CannotTellError);
    await waitFor('the look that hangs', () => hangingLooks.left.length === 1);
    expect(hangingLooks.left[0]?.subject).toBe(mount.directory);

    // No second one is sent after it, nor does anything else wait for it.
    await expect(captureProcess(roots[1] ?? fail())).rejects.toThrow(/gives no answer/);
    expect(hangingLooks.left).toHaveLength(1);
    expect(await captureProcess(await onlyInstance(well.name))).toMatchObject({
      outputs: { stdout: work.path('log') },
    });

    await mount.unmount();
    await waitFor('its end', () => hangingLooks.left.length === 0);
  });
});

it('R33: looks at the processes of one user are few from the moment at which they are given up', async () => {
  const look = () => new LookingChild(['sleep', '1000'], { owner: USER, onData: () => {} });
  // Within one turn of the event loop: nobody knows yet whether they end.
  for (const subject of ['a', 'b', 'c', 'd']) look().giveUp(subject, `process ${subject}`, USER);
  expect(look).toThrow(
    'no further look is begun, because 4 looks at this host hang: process a, process b, process c, process d',
  );
  await waitFor('their end', () => hangingLooks.hasRoom(USER));
  expect(hangingLooks.left).toEqual([]);
});

describeWhere('R33: looks that are left in the kernel', whyNoDeadMount(), () => {
  it('at the processes of one user are few, are told in two lines, and take no room from others', async () => {
    const lines: string[] = [];
    const write = (_subject: string, message: string) => void lines.push(message);
    logHangingLooks({ debug: write, info: write, warn: write, error: write });
    const look = (owner: number | undefined) =>
      new LookingChild(['stat', mount.directory], { owner, onData: () => {} });
    const hang = async (subject: string, owner: number | undefined) => {
      const isLeft = () => hangingLooks.left.some((left) => left.subject === subject);
      // One whose question the mount has not taken yet can be killed.
      for (let isOver = false; !isOver; isOver = isLeft()) {
        const child = look(owner);
        await waitFor('its question to the mount', async () =>
          /^request_wait/.test(await readFile(`/proc/${child.pid}/wchan`, 'utf8')),
        );
        child.giveUp(subject, subject, owner);
        await Promise.race([child.ended, waitFor('it is left', isLeft)]);
      }
    };
    await mount.die();
    for (const subject of ['process a', 'process b', 'process c', 'process d']) await hang(subject, USER);
    expect(() => look(USER)).toThrow(
      'no further look is begun, because 4 looks at this host hang: process a, process b, process c, process d',
    );
    await hang('process e', USER + 1);
    await hang(mount.directory, undefined);
    await mount.unmount();
    await waitFor('their end', () => hangingLooks.left.length === 0);
    const said = (text: string) => lines.filter((line) => line.includes(text));
    expect(said('gives no answer')).toEqual([
      expect.stringMatching(/^process a /),
      expect.stringMatching(/^process e /),
      expect.stringContaining(mount.directory),
    ]);
    expect(said(`no further process of uid ${USER} is looked at`)).toHaveLength(1);
    expect(said('has ended').length).toBeGreaterThanOrEqual(3);
  });
});

describeWhere('R33: a process whose memory is locked for ever', whyNoMemoryHolder(), () => {
  it('holds up neither the others nor us, and is known by what it was before', async () => {
    const [name, other, later] = [work.name('holder-of-memory-'), work.name(), work.name()];
    const holder = await startMemoryHolder(work, name, `${mount.directory}/file`);
    const { pid } = await work.start(await work.executable(other), ['1000'], { argv0: later });
    const { root } = (await findProcesses(name)).instances[0] ?? fail();
    await mount.die();
    await holder.hold();
    const [found, byOtherName] = [await findProcesses(name), await findProcesses(later)];
    const captured = await captureProcess(root).catch((error: unknown) => error);
    // Before anything is compared: it hangs for whoever reads arguments here.
    await mount.unmount();
    expect(found.instances.map((instance) => instance.root.pid)).toEqual([holder.pid]);
    expect(byOtherName.instances.map((instance) => instance.root.pid)).toEqual([pid]);
    expect(captured).toBeInstanceOf(CannotTellError);
    expect(captured).toMatchObject({ retryable: true, message: expect.stringContaining('hangs') });
  });

  it('many of one user hold up a look by name no longer than a few, and keep no other user from being found', async () => {
    const name = work.name();
    const holders = await Promise.all(
      Array.from({ length: 8 }, () =>
        startMemoryHolder(work, work.name('holder-of-memory-'), `${mount.directory}/file`, NOBODY),
      ),
    );
    // Behind the others: it has the highest pid.
    const { pid } = await work.start(await work.executable(work.name()), ['1000'], { argv0: name });
    await mount.die();
    for (const holder of holders) await holder.hold();
    const found = await findProcesses(name, { uid: 0 });
    const lookedAt = () => holders.filter((holder) => hangingLooks.has(`process ${holder.pid}`)).length;
    const atFirst = lookedAt();
    const again = await findProcesses(name, { uid: 0 });
    const atLast = lookedAt();
    await mount.unmount();
    for (const { instances } of [found, again])
      expect(instances.map((instance) => instance.root.pid)).toEqual([pid]);
    expect(atFirst).toBeGreaterThan(0);
    expect(atFirst).toBeLessThan(holders.length);
    // Nobody looks at more of them for a while.
    expect(atLast).toBe(atFirst);
  });
});

const NOBODY = 65_534;
const USER = 1001;

function fail(): never {
  throw new Error('it does not run');
}
