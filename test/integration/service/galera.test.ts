import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWhere } from '../../support/conditional-tests.js';
import { findGalera } from '../../support/database/galera.js';
import { type GaleraCluster, startGaleraCluster } from '../../support/database/galera-cluster.js';
import type { PrivateServer } from '../../support/private-server.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { findServerPrograms } from '../../support/server-programs.js';
import { openSceneOfTest } from '../../support/service/scene.js';

const library = findServerPrograms().mariadb && findGalera();
const why =
  library === undefined
    ? 'there is no MariaDB with a libgalera_smm.so here, test/support/fetch-galera.sh fetches the library'
    : undefined;

/** A change of the members takes seconds, and much longer on a busy machine. */
const LIMIT_MS = 180_000;
const NAMES = ['before', 'during', 'after', 'later'] as const;
const HEARTBEAT = { binlog: { heartbeat: 0.5 } };

describeWhere('the service on a Galera cluster of three nodes, MariaDB', why, () => {
  let cluster: GaleraCluster;
  beforeAll(async () => {
    cluster = await startGaleraCluster(library ?? '');
  });
  afterAll(() => cluster?.stop());

  it(
    'R37: a node that is cut off is left for the next one, and used again when that is cut off',
    async () => {
      const { scene, raiseOn, restartsOfAll, first, second, third } = await openScene();
      const daemon = await scene.watch({ database: { host: placesOf(cluster.nodes) }, ...HEARTBEAT });
      await raiseOn(first, 'before');
      await daemon.cleared('before');

      await cluster.isolate(first);
      await raiseOn(second, 'during');
      const moved = await daemon.waitForLine(/now at .*, server_id 22; was .*, 21/);
      await daemon.cleared('during');
      await daemon.waitForLine(/watching the binlog of/, { from: moved.index });
      await cluster.rejoin(first);
      // It stays where it may write.
      await raiseOn(first, 'after');
      await daemon.cleared('after');
      expect((await scene.status()).database).toMatchObject({ serverId: 22, mayWrite: true });

      await cluster.isolate(second);
      await raiseOn(third, 'later');
      const back = await daemon.waitForLine(/now at .*, server_id 21; was .*, 22/, { from: moved.index });
      await daemon.waitForLine(/ later: alarm cleared/, { from: back.index });
      await cluster.rejoin(second);
      expect(await restartsOfAll()).toEqual([1, 1, 1, 1]);
      for (const node of cluster.nodes) await untilNothingIsRaised(node, scene.database.name);
    },
    LIMIT_MS,
  );

  it(
    'R37: alone in the list it is not silent: the log and status say what 1047 is, and what was raised meanwhile is answered',
    async () => {
      const { scene, raiseOn, first, second } = await openScene();
      // A raise that a reading finds first gets one more health check, which reads the table before the clear is written.
      const daemon = await scene.watchCalmly({ database: { host: placesOf([first]) }, ...HEARTBEAT });
      await scene.raiseAndHold('before');
      await cluster.isolate(first);
      const lost = await daemon.waitForLine(/WARNING .*server_id 21, has no quorum in its cluster/);
      // The clear of a restart that ends now cannot be written, and the process is not restarted a second time for that.
      await scene.fleet.release('before');
      await daemon.waitForLine(/before: cannot write the clear.*without quorum/, {
        from: lost.index,
      });
      expect((await scene.run('status')).stdout).toMatch(/it may not write/);
      expect((await scene.run('check')).stdout).toMatch(/quorum/);
      await raiseOn(second, 'during');
      await cluster.rejoin(first);
      const back = await daemon.waitForLine(/server_id 21, may write again/, { from: lost.index });
      await daemon.waitForLine(/ during: alarm cleared/, { from: back.index });
      await daemon.cleared('before', 'during');
      await raiseOn(second, 'after');
      await daemon.cleared('after');
      for (const name of ['before', 'during', 'after']) expect(await scene.fleet.restarts(name)).toBe(1);
      expect(daemon.lines().filter((line) => /has no quorum in its cluster/.test(line))).toHaveLength(1);
    },
    LIMIT_MS,
  );

  it(
    'R37: without a majority no node is of use, which is said; with one again alarms are answered',
    async () => {
      const { scene, raiseOn, second, third } = await openScene();
      const daemon = await scene.watch({ database: { host: placesOf(cluster.nodes) }, ...HEARTBEAT });
      for (const node of [second, third]) await node.kill('SIGSTOP');
      try {
        await daemon.waitForLine(/WARNING .*no database server can be used: .*server_id 21, has no quorum/);
      } finally {
        for (const node of [second, third]) await node.kill('SIGCONT');
      }
      await daemon.waitForLine(/server_id 2\d, may write again|now at .*, server_id 2/);
      await raiseOn(third, 'after');
      await daemon.cleared('after');
      expect(await scene.fleet.restarts('after')).toBe(1);
    },
    LIMIT_MS,
  );

  it(
    'R37: a node that is killed',
    async () => {
      const { scene, raiseOn, restartsOfAll, second, third } = await openScene();
      const nodes = [third, second];
      const daemon = await scene.watch({ database: { host: placesOf(nodes) }, ...HEARTBEAT });
      await raiseOn(third, 'before');
      await daemon.cleared('before');
      await third.kill('SIGKILL');
      await daemon.waitForLine(/now at .*, server_id 22; was .*, 23/);
      await raiseOn(second, 'after');
      await daemon.cleared('after');
      expect(await restartsOfAll()).toEqual([1, 0, 1, 0]);
    },
    LIMIT_MS,
  );

  async function openScene() {
    const [first, second, third] = cluster.nodes;
    const scene = await openSceneOfTest(first, { processes: NAMES });
    return {
      ...{ scene, first, second, third },
      raiseOn: (node: PrivateServer, name: (typeof NAMES)[number]) => raise(node, scene.database.name, name),
      restartsOfAll: () => Promise.all(NAMES.map((name) => scene.fleet.restarts(name))),
    };
  }

  /** While a cluster finds out who is gone, its nodes refuse writes or let them wait. */
  async function raise(node: PrivateServer, database: string, name: (typeof NAMES)[number]): Promise<void> {
    await waitFor(`a raise of ${name}`, async () => {
      try {
        await cluster.on(
          node,
          `UPDATE ${database}.STATUS_PROCESS SET alarma = 1 WHERE process_id = ${NAMES.indexOf(name) + 1}`,
        );
        return true;
      } catch {
        return false;
      }
    });
  }

  async function untilNothingIsRaised(node: PrivateServer, database: string): Promise<void> {
    await waitFor('the clears on every node', async () => {
      const rows = await cluster.on(node, `SELECT 1 FROM ${database}.STATUS_PROCESS WHERE alarma = 1`);
      return rows.length === 0;
    });
  }
});

function placesOf(nodes: readonly PrivateServer[]): string {
  return nodes.map(({ port }) => `127.0.0.1:${port}`).join(', ');
}
