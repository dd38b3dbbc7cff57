import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { isAlive, pidsWith } from '../../support/restart/proc.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { oneServerKind } from '../../support/service/server-kinds.js';

/** The restart of a process, found by its name, started again as it runs. No process has a section. */
const BY_PROCESS = {
  ...{ restart_command: '', health_check_command: '', restart_strategy: 'process' },
  ...{ max_attempts: 1, stop_timeout: 1 },
};

describeOnServers('a process that has no section', oneServerKind, ({ openWith }) => {
  it('R11, R26: that was stopped and could not be started is started by the next run of the service', async () => {
    const name = `d${randomBytes(5).toString('hex')}`;
    const scene = await openWith({ processes: [name] });
    const { workspace } = scene;
    const script = await workspace.script(name, [
      'test -e "$0.broken" && exit 1',
      'while :; do sleep 1; done',
    ]);
    // Without a parent that lives: the service would wait for it to start the process again.
    await workspace.start('/bin/sh', ['-c', `${script} &`]);
    const old = await waitFor('the process', async () => (await pidsWith(name))[0]);
    const config = { 'process.default': BY_PROCESS };
    const first = await scene.watch(config);
    await writeFile(`${script}.broken`, '');
    await scene.database.raise(1);
    await first.waitForLine(new RegExp(`${name}: .*ended at once: exit code 1`));
    first.signal('SIGKILL');
    await first.exit;
    expect(await isAlive(old)).toBe(false);

    await rm(`${script}.broken`);
    const second = await scene.watch(config);
    await second.cleared(name);
    expect(await pidsWith(name)).toHaveLength(1);
    // It runs: nothing is owed any more, and nothing would be started from nothing (R25).
    const [pid = 0] = await pidsWith(name);
    await second.stop();
    const third = await scene.watch(config);
    process.kill(pid, 'SIGKILL');
    await scene.database.raise(1);
    await third.waitForLine(new RegExp(`${name}: .*does not know how to start it`));
  });
});
