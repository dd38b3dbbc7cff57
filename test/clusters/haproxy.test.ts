import { expect, it, onTestFinished } from 'vitest';
import { describeWhere } from '../support/conditional-tests.js';
import { startHaproxy, whyNoHaproxy } from '../support/database/haproxy.js';
import type { PrivateServer } from '../support/private-server.js';
import { findServerPrograms } from '../support/server-programs.js';
import { untilCalm } from '../support/service/calm.js';
import { startReplicaPair } from '../support/service/replica-pair.js';
import { openSceneOfTest } from '../support/service/scene.js';

const why = findServerPrograms().mariadb ? whyNoHaproxy() : 'there is no MariaDB here';
const NAMES = ['before', 'after', 'later'] as const;

describeWhere('HAProxy in front of two servers, as docs/failover.md says, MariaDB', why, () => {
  it.each([
    { how: 'which ends the old connections', edit: (configuration: string) => configuration },
    {
      how: 'which lets the old connections live',
      edit: (configuration: string) => configuration.replace('on-marked-down shutdown-sessions', ''),
    },
  ])('R12, R37: a switchover in the midst of a clear, $how', async ({ edit }) => {
    const { pair, scene, raiseOn, daemon } = await openPair(edit);
    const { user, password } = scene.database;
    const stranger = await pair.second.connect({ user, password });
    await scene.raiseAndHold('before');
    await pair.switchOver();
    await scene.fleet.release('before');
    const moved = await daemon.waitForLine(/now at .*, server_id 22; was .*, 21/);
    await daemon.waitForLine(/ before: alarm cleared/, { from: moved.index });
    await untilCalm(daemon, moved);
    await raiseOn(pair.second, 'after');
    await daemon.waitForLine(/ after: alarm seen \(binlog\)/);
    await daemon.cleared('after');
    for (const name of ['before', 'after']) expect(await scene.fleet.restarts(name)).toBe(1);
    // A KILL in the wrong place would have hit it.
    await stranger.query('SELECT 1');
    await stranger.end();
  });

  it('R37: a crash', async () => {
    const { pair, scene, raiseOn, daemon } = await openPair();
    await scene.database.raise('before');
    await daemon.cleared('before');
    await pair.caughtUp();
    await pair.first.kill('SIGKILL');
    onTestFinished(() => pair.first.start());
    await pair.promote();
    await raiseOn(pair.second, 'after');
    const moved = await daemon.waitForLine(/now at .*, server_id 22; was .*, 21/);
    await daemon.waitForLine(/ after: alarm cleared/, { from: moved.index });
    await untilCalm(daemon, moved);
    await raiseOn(pair.second, 'later');
    await daemon.waitForLine(/ later: alarm seen \(binlog\)/);
    await daemon.cleared('later');
    for (const name of NAMES) expect(await scene.fleet.restarts(name)).toBe(1);
  });
});

async function openPair(edit?: (configuration: string) => string) {
  const pair = await startReplicaPair();
  onTestFinished(() => pair.stop());
  const scene = await openSceneOfTest(pair.first, { processes: NAMES });
  await pair.caughtUp();
  const proxy = await startHaproxy({
    workspace: scene.workspace,
    servers: [pair.first, pair.second],
    account: scene.database,
    ...(edit && { edit }),
  });
  onTestFinished(() => proxy.stop());
  const daemon = await scene.watchCalmly({
    database: { host: '127.0.0.1', port: proxy.port },
    binlog: { heartbeat: 1 },
    monitor: { check_interval: 3600 },
  });
  return {
    ...{ pair, scene, daemon },
    /** As a tool that knows the server. */
    raiseOn: (server: PrivateServer, name: (typeof NAMES)[number]) =>
      pair.on(
        server,
        `UPDATE ${scene.database.name}.STATUS_PROCESS SET alarma = 1 WHERE process_id = ${NAMES.indexOf(name) + 1}`,
      ),
  };
}
