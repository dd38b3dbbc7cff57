import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { describeWhere } from '../support/conditional-tests.js';
import {
  type ReplicationGroup,
  startReplicationGroup,
  whyNoGroup,
} from '../support/database/replication-group.js';
import type { PrivateServer } from '../support/private-server.js';
import { waitFor } from '../support/restart/wait-for.js';
import { openSceneOfTest } from '../support/service/scene.js';

/** A change of the members takes seconds, and much longer on a busy machine. */
const LIMIT_MS = 180_000;
const NAMES = ['before', 'during', 'after', 'later'] as const;
type Name = (typeof NAMES)[number];

describeWhere('the service on Group Replication with a single primary, MySQL', whyNoGroup(), () => {
  let group: ReplicationGroup;
  beforeAll(async () => {
    group = await startReplicationGroup();
  });
  afterAll(() => group?.stop());

  it(
    'R12, R37: another member is made the primary while connections live, in the midst of a clear, and back',
    async () => {
      const [first, second] = group.members;
      const { scene, raiseOn } = await openScene();
      const daemon = await scene.watch(everyMember());
      const { user, password } = scene.database;
      const stranger = await first.connect({ user, password });
      await scene.raiseAndHold('before');
      await group.makePrimary(second);
      await raiseOn(second, 'during');
      const moved = await daemon.waitForLine(/now at .*, server_id 22; was .*, 21/);
      await scene.fleet.release('before');
      await daemon.waitForLine(/ during: alarm cleared/, { from: moved.index });
      await daemon.waitForLine(/ before: alarm cleared/, { from: moved.index });
      await daemon.waitForLine(/watching the binlog of/, { from: moved.index });
      await raiseOn(second, 'after');
      await daemon.cleared('after');
      // Nobody has ended the connections to the old primary.
      await stranger.query('SELECT 1');
      await stranger.end();

      await group.makePrimary(first);
      await raiseOn(first, 'later');
      const back = await daemon.waitForLine(/now at .*, server_id 21; was .*, 22/, { from: moved.index });
      await daemon.waitForLine(/ later: alarm cleared/, { from: back.index });
      for (const name of NAMES) expect(await scene.fleet.restarts(name)).toBe(1);
      expect((await scene.run('check')).stdout).toMatch(/server_id 22, read-only/);
      await untilNothingIsRaised(scene.database.name, group.members);
    },
    LIMIT_MS,
  );

  it(
    'R37: the primary is killed, and the group elects another',
    async () => {
      const [first, second] = group.members;
      const { scene, raiseOn } = await openScene();
      const daemon = await scene.watch(everyMember());
      await raiseOn(first, 'before');
      await daemon.cleared('before');
      await first.kill('SIGKILL');
      const next = await group.primaryOtherThan(first, second);
      await raiseOn(next, 'after');
      const moved = await daemon.waitForLine(new RegExp(`: now at 127.0.0.1:${next.port}, `));
      await daemon.cleared('after');
      // It comes back as a secondary, and the service stays.
      await group.makeWhole();
      await raiseOn(next, 'later');
      await daemon.cleared('later');
      expect(
        daemon
          .lines()
          .slice(moved.index + 1)
          .filter((line) => /: now at /.test(line)),
      ).toEqual([]);
      for (const name of ['before', 'after', 'later']) expect(await scene.fleet.restarts(name)).toBe(1);
    },
    LIMIT_MS,
  );

  it(
    'R37: a primary that was silent is expelled: it is left for the new one, and nobody returns to it',
    async () => {
      const [first, second] = group.members;
      const { scene, raiseOn } = await openScene();
      const daemon = await scene.watch(everyMember());
      await raiseOn(first, 'before');
      await daemon.cleared('before');
      await first.kill('SIGSTOP');
      const next = await group.primaryOtherThan(first, second);
      await raiseOn(next, 'during');
      const moved = await daemon.waitForLine(new RegExp(`: now at 127.0.0.1:${next.port}, `));
      await daemon.cleared('during');
      await first.kill('SIGCONT');
      await untilExpelled(first);
      await raiseOn(next, 'after');
      await daemon.cleared('after');
      expect(
        daemon
          .lines()
          .slice(moved.index + 1)
          .filter((line) => /: now at /.test(line)),
      ).toEqual([]);
      for (const name of ['before', 'during', 'after']) expect(await scene.fleet.restarts(name)).toBe(1);
    },
    LIMIT_MS,
  );

  it(
    'R37: a primary in a minority: not silent, and what the majority was told meanwhile is answered',
    async () => {
      const [first, second, third] = group.members;
      const { scene, raiseOn } = await openScene();
      const listed = await scene.watch(everyMember());
      for (const member of [second, third]) await member.kill('SIGSTOP');
      await untilExpelled(first);
      await listed.waitForLine(/no database server may write|no server of the list can be used/);
      for (const member of [second, third]) await member.kill('SIGCONT');
      const next = await group.primaryOtherThan(first, second);
      await raiseOn(next, 'after');
      await listed.waitForLine(new RegExp(`: now at 127.0.0.1:${next.port}, `));
      await listed.cleared('after');
      expect(await scene.fleet.restarts('after')).toBe(1);
    },
    LIMIT_MS,
  );

  function everyMember() {
    const host = group.members.map(({ port }) => `127.0.0.1:${port}`).join(', ');
    return { database: { host }, binlog: { heartbeat: 0.5 } };
  }

  async function openScene() {
    const [first] = group.members;
    const scene = await openSceneOfTest(first, { processes: NAMES });
    // Comes before the scene is closed, for which the first must be the primary.
    onTestFinished(async () => {
      await group.makeWhole();
      await group.makePrimary(first);
    });
    return {
      scene,
      raiseOn: (member: PrivateServer, name: Name) => raise(member, scene.database.name, name),
    };
  }

  /** A member that has just become the primary takes no write until it has applied what the old one wrote. */
  async function raise(member: PrivateServer, database: string, name: Name): Promise<void> {
    await waitFor(`a raise of ${name}`, async () => {
      try {
        await group.on(
          member,
          `UPDATE ${database}.STATUS_PROCESS SET alarma = 1 WHERE process_id = ${NAMES.indexOf(name) + 1}`,
        );
        return true;
      } catch {
        return false;
      }
    });
  }

  /** It says itself that it is no member any more, and takes no write. It ends connections at that moment. */
  async function untilExpelled(member: PrivateServer): Promise<void> {
    await waitFor(
      'the member to be expelled',
      async () => {
        const rows = await group
          .on(
            member,
            `SELECT MEMBER_STATE AS state, @@super_read_only AS readOnly FROM performance_schema.replication_group_members
            WHERE MEMBER_ID = @@server_uuid`,
          )
          .catch(() => []);
        return rows[0]?.state === 'ERROR' && Number(rows[0].readOnly) === 1;
      },
      60_000,
    );
  }

  async function untilNothingIsRaised(database: string, members: readonly PrivateServer[]): Promise<void> {
    for (const member of members) {
      await waitFor('the clears on every member', async () => {
        const rows = await group.on(member, `SELECT 1 FROM ${database}.STATUS_PROCESS WHERE alarma = 1`);
        return rows.length === 0;
      });
    }
  }
});
