import { expect, it, onTestFinished } from 'vitest';
import { describeWhere } from '../../support/conditional-tests.js';
import { findServerPrograms } from '../../support/server-programs.js';
import { allowRelays, grantOnRelay, startRelay } from '../../support/service/relay.js';
import { startReplicaPair } from '../../support/service/replica-pair.js';
import { openSceneOfTest } from '../../support/service/scene.js';

const why = findServerPrograms().mariadb ? undefined : 'there is no MariaDB here';

describeWhere('a switchover of the primary behind a relay, MariaDB', why, () => {
  it('R37, R38: the stream goes on, and the event of the new primary has to be enabled', async () => {
    const pair = await startReplicaPair();
    onTestFinished(() => pair.stop());
    const { first, second } = pair;
    await allowRelays(first);
    const relay = await startRelay(first, 31);
    onTestFinished(() => relay.stop());
    const scene = await openSceneOfTest(first, { processes: ['before', 'after', 'later'], hasRelays: true });
    await pair.caughtUp();
    await grantOnRelay(relay, scene.database);
    const raise = (id: number) =>
      pair.on(second, `UPDATE ${scene.database.name}.STATUS_PROCESS SET alarma = 1 WHERE process_id = ${id}`);

    const daemon = await scene.watchCalmly({
      database: { host: `127.0.0.1:${first.port}, 127.0.0.1:${second.port}` },
      binlog: { host: `127.0.0.1:${relay.server.port}`, heartbeat: 1 },
    });
    await scene.database.raise('before');
    await daemon.cleared('before');
    // The event of the old primary runs as root, who may write while that is read-only: it must stop by itself. If it did not,
    // a relay could have more than the new primary, and not turn to it (1236).
    await pair.switchOver();
    const beat = () => pair.on(first, `SELECT beat FROM ${scene.database.name}.FLEET_HEARTBEAT`);
    const lastBeat = await beat();
    const moved = await daemon.waitForLine(/now at .*, server_id 22; was .*, 21/);
    // Found by the reading that follows: the relay still follows the old primary.
    await raise(2);
    await daemon.waitForLine(/ after: alarm cleared/, { from: moved.index });
    // On a promoted server the event is disabled.
    const still = await daemon.waitForLine(/the heartbeat of the primary has stood still/, {
      from: moved.index,
    });
    expect(await beat()).toEqual(lastBeat);
    expect((await scene.run('check')).stdout).toMatch(/its event is disabled|event_scheduler = OFF/);
    await pair.on(
      second,
      `SET GLOBAL event_scheduler = ON; ALTER EVENT ${scene.database.name}.fleet_heartbeat ENABLE`,
    );
    await relay.follow(second);
    await daemon.waitForLine(/watching the binlog of .* again/, { from: still.index });
    await raise(3);
    await daemon.waitForLine(/ later: alarm cleared/, { from: still.index });
    for (const name of ['before', 'after', 'later']) expect(await scene.fleet.restarts(name)).toBe(1);
    expect((await scene.status()).database).toMatchObject({ serverId: 22 });
  });
});
