import { open } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CannotTellError } from '../../../src/domain/cycle/restart-target.js';
import { findProcesses } from '../../../src/restart/processes/find-processes.js';
import { hangingLooks } from '../../../src/restart/processes/hanging-looks.js';
import { captureProcess } from '../../../src/restart/start/capture-process.js';
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
});

function fail(): never {
  throw new Error('it does not run');
}
