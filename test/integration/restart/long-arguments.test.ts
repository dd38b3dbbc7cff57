import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProcesses } from '../../../src/restart/processes/find-processes.js';
import { captureProcess } from '../../../src/restart/start/capture-process.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';

describe('R28: a process with more arguments than are read', () => {
  let work: Workspace;
  beforeEach(async () => {
    work = await createWorkspace();
  });
  afterEach(() => work.remove());

  it('is found, and is not stopped, since it would come back as another one', async () => {
    const name = work.name();
    const script = await work.script(name, ['while :; do sleep 1; done']);
    const { pid } = await work.start(script, Array(12).fill('x'.repeat(100_000)));
    const root = await waitFor(
      name,
      async () => (await findProcesses(name)).instances.find((instance) => instance.root.pid === pid)?.root,
    );
    await expect(captureProcess(root)).rejects.toMatchObject({
      retryable: false,
      message: expect.stringContaining('more than 1 MiB'),
      remedy: 'set start_command for this process',
    });
  });
});
