import { open as openFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { describeWhere } from '../../support/conditional-tests.js';
import { type DeadMount, mountDead, whyNoDeadMount } from '../../support/restart/dead-mount.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import type { Scene } from '../../support/service/scene.js';
import { rowServerKinds } from '../../support/service/server-kinds.js';

/** The restart of a process, found by its name, started again as it runs. */
const BY_PROCESS = { restart_command: '', health_check_command: '', restart_strategy: 'process' };

async function startDaemon({ workspace }: Scene, name: string, output: string): Promise<void> {
  const file = await openFile(output, 'a');
  await workspace.start(await workspace.executable(name), ['1000'], { stdio: ['ignore', file.fd, file.fd] });
  await file.close();
}

async function withMount(scene: Scene, test: (mount: DeadMount) => Promise<void>): Promise<void> {
  const mount = await mountDead(scene.path('mount'));
  try {
    await test(mount);
  } finally {
    await mount.unmount();
  }
}

describeWhere('R33: the service beside a dead mount', whyNoDeadMount(), () => {
  describeOnServers('the daemon', rowServerKinds, ({ open }) => {
    it('answers other alarms, pause and status while daemons write there, and ends at SIGTERM', async () => {
      const scene = await open('alpha', 'beta', 'gamma', 'delta', 'epsilon', 'well');
      const onMount = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];
      await withMount(scene, async (mount) => {
        const names = new Map(onMount.map((name) => [name, scene.workspace.name(name)]));
        for (const [name, own] of names) await startDaemon(scene, own, `${mount.directory}/${name}`);
        const sections = [...names].map(([name, own]) => [
          `process.${name}`,
          { ...BY_PROCESS, system_name: own, max_attempts: 1 },
        ]);
        const daemon = await scene.watchCalmly({
          monitor: { max_parallel_restarts: 10 },
          ...Object.fromEntries(sections),
        });
        await mount.die();
        for (const id of [1, 2, 3, 4, 5]) await scene.database.raise(id);
        await daemon.waitForLine(/gives no answer: pid \d+, which looked at it, waits in the kernel/);
        await scene.database.raise(6);
        await daemon.cleared('well');
        for (const name of onMount) await daemon.waitForLine(new RegExp(`${name}: .*gives no answer`));
        expect((await scene.run('pause', 'well')).code).toBe(0);
        const status = await scene.status();
        // One, whoever else asked.
        expect(status.hanging).toMatchObject([{ subject: mount.directory }]);
        expect(status.pauses).toMatchObject([{ processName: 'well' }]);
        expect(await scene.database.row(1)).toMatchObject({ alarma: 1 });
        daemon.signal('SIGTERM');
        expect(await daemon.exit).toEqual({ code: 0, signal: null });
        expect(daemon.lines().at(-1)).toMatch(/monitor_service: stopped$/);
      });
    });
  });
});
