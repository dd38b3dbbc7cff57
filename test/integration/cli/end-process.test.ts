import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeWhere } from '../../support/conditional-tests.js';
import { type DeadMount, mountDead, whyNoDeadMount } from '../../support/restart/dead-mount.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';

const END_PROCESS = fileURLToPath(new URL('../../../src/cli/shared/end-process.ts', import.meta.url));

describeWhere('R33: the end of a process, a thread of which waits for a dead mount', whyNoDeadMount(), () => {
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

  it.each([
    { exitCode: 0, signal: 'SIGTERM' },
    { exitCode: 1, signal: 'SIGKILL' },
  ])('is $signal, for exit code $exitCode', async ({ exitCode, signal }) => {
    await mount.freeze();
    const program = `import { stat } from 'node:fs/promises';
      import { endProcess } from '${END_PROCESS}';
      void stat('${mount.directory}/file');
      await endProcess(${exitCode});`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      cwd: fileURLToPath(new URL('../../..', import.meta.url)),
      stdio: 'inherit',
    });
    expect(await once(child, 'exit')).toEqual([null, signal]);
  });
});
