import { expect, it, onTestFinished } from 'vitest';
import { describeWhere } from '../../support/conditional-tests.js';
import { startPrivateServer } from '../../support/private-server.js';
import { findServerPrograms } from '../../support/server-programs.js';
import { allowRelays, grantOnRelay, startRelay } from '../../support/service/relay.js';
import { openSceneOfTest } from '../../support/service/scene.js';

const why = findServerPrograms().mysql ? undefined : 'there is no MySQL here';

describeWhere('a relay with BLACKHOLE tables, MySQL', why, () => {
  it('R38: shows every change, and the names are those of the primary', async () => {
    const primary = await startPrivateServer({ flavour: 'mysql', extraArgs: ['--server-id=21'] });
    onTestFinished(() => primary.stop());
    await allowRelays(primary);
    const relay = await startRelay(primary, 31);
    onTestFinished(() => relay.stop());
    const scene = await openSceneOfTest(primary, { hasRelays: true });
    await grantOnRelay(relay, scene.database);
    await relay.run('STOP REPLICA');
    await scene.database.runFile(relay.server, 'relay-blackhole.sql');
    await scene.database.runFile(relay.server, 'relay-blackhole.sql');
    await relay.run('START REPLICA');
    await scene.database.addProcesses('one', 'two');
    const daemon = await scene.watchCalmly({
      // On a busy machine the relay may be some seconds behind.
      binlog: { host: `127.0.0.1:${relay.server.port}`, heartbeat: 5 },
    });
    for (const name of ['one', 'two']) {
      await scene.database.raise(name);
      await daemon.waitForLine(new RegExp(` ${name}: alarm seen \\(binlog\\)`));
      await daemon.cleared(name);
      expect(await scene.fleet.restarts(name)).toBe(1);
    }
    expect(await relay.run(`SELECT COUNT(*) AS count FROM ${scene.database.name}.PROCESE`)).toEqual([
      { count: 0 },
    ]);
    const { stdout, code } = await scene.run('check');
    expect(stdout).toMatch(/a relay, .*as new as the primary/);
    expect(code).toBe(0);
  });
});
