import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type PrivateServer, startPrivateServer } from '../private-server.js';
import { waitFor } from '../restart/wait-for.js';
import { findServerPrograms } from '../server-programs.js';
import { freePort } from './free-port.js';

/** Three real MySQL servers that are one group with a single primary (Group Replication). Two are a majority. */
export interface ReplicationGroup {
  readonly members: readonly [PrivateServer, PrivateServer, PrivateServer];
  /** Runs statements as root on a connection of their own. */
  on(member: PrivateServer, sql: string): Promise<Record<string, unknown>[]>;
  /** A planned switch: `group_replication_set_as_primary`. Connections live on. */
  makePrimary(member: PrivateServer): Promise<void>;
  /** Waits until this member says that another one than `gone` is the primary, and returns that. */
  primaryOtherThan(gone: PrivateServer, asked: PrivateServer): Promise<PrivateServer>;
  /** Brings every member back that was killed, stopped, expelled or in a minority. */
  makeWhole(): Promise<void>;
  stop(): Promise<void>;
}

const FIRST_SERVER_ID = 21;
const GROUP = '6d6f6e69-746f-7200-8000-67726f757031';
const RECOVERY = "USER = 'recovery', PASSWORD = 'recovery'";
/** A view of the group changes after seconds, and a member joins by the log of another. ms. */
const CHANGE_MS = 60_000;

/** Why this machine cannot run a group; undefined if it can. */
export function whyNoGroup(): string | undefined {
  const { mysql } = findServerPrograms();
  if (!mysql) return 'there is no MySQL here, test/support/fetch-mysql.sh fetches one';
  const beside = join(dirname(mysql.path), 'plugin');
  // An installed server has its plugins elsewhere, and the package of each distribution has this one.
  if (existsSync(beside) && !existsSync(join(beside, 'group_replication.so')))
    return 'this MySQL has no group_replication.so';
  return undefined;
}

export async function startReplicationGroup(): Promise<ReplicationGroup> {
  const ports: [number, number, number] = [await freePort(), await freePort(), await freePort()];
  const start = (index: number): Promise<PrivateServer> =>
    startPrivateServer({ flavour: 'mysql', extraArgs: memberArguments(ports, index) });
  const members = await Promise.all([start(0), start(1), start(2)] as const);
  for (const member of members) {
    await on(
      member,
      `SET SESSION sql_log_bin = 0; CREATE USER recovery@localhost IDENTIFIED BY 'recovery';
      GRANT REPLICATION SLAVE, CONNECTION_ADMIN, BACKUP_ADMIN, GROUP_REPLICATION_STREAM ON *.* TO recovery@localhost`,
    );
  }
  const [first, ...others] = members;
  await on(
    first,
    `SET GLOBAL group_replication_bootstrap_group = ON; START GROUP_REPLICATION;
    SET GLOBAL group_replication_bootstrap_group = OFF`,
  );
  await untilOnline(first);
  for (const member of others) await joinGroup(member);
  return {
    members,
    on,
    async makePrimary(member) {
      const [row] = await on(
        member,
        `SELECT MEMBER_ID AS uuid, MEMBER_ROLE AS role FROM performance_schema.replication_group_members
        WHERE MEMBER_ID = @@server_uuid`,
      );
      if (row?.role !== 'PRIMARY')
        await on(member, `SELECT group_replication_set_as_primary('${String(row?.uuid)}')`);
    },
    primaryOtherThan: (gone, asked) =>
      waitFor(
        'another primary',
        async () => {
          const rows = await on(
            asked,
            `SELECT MEMBER_PORT AS port FROM performance_schema.replication_group_members
            WHERE MEMBER_ROLE = 'PRIMARY' AND MEMBER_STATE = 'ONLINE'`,
          );
          return members.find(
            ({ port }) => port !== gone.port && rows.some((row) => Number(row.port) === port),
          );
        },
        CHANGE_MS,
      ),
    async makeWhole() {
      for (const member of members) {
        await member.kill('SIGCONT');
        if (!isRunning(member)) await member.start();
      }
      // One that was stopped learns only after a while that it was expelled.
      await waitFor('the group to be whole', () => bringBack(members), CHANGE_MS);
    },
    stop: async () => void (await Promise.all(members.map((member) => member.stop()))),
  };
}

async function joinGroup(member: PrivateServer): Promise<void> {
  await on(member, `START GROUP_REPLICATION ${RECOVERY}`);
  await untilOnline(member);
}

function isRunning(member: PrivateServer): boolean {
  try {
    return member.pid > 0;
  } catch {
    return false;
  }
}

/** Whether every member sees three members online; joins those that are none. */
async function bringBack(members: readonly PrivateServer[]): Promise<boolean> {
  const online: number[] = [];
  for (const member of members) {
    const rows = await on(
      member,
      `SELECT MEMBER_STATE AS state, MEMBER_ID = @@server_uuid AS isOwn
      FROM performance_schema.replication_group_members`,
    );
    const own = rows.find(({ isOwn }) => Number(isOwn) === 1);
    if (own === undefined || own.state === 'OFFLINE' || own.state === 'ERROR') {
      await on(member, 'STOP GROUP_REPLICATION; SET GLOBAL offline_mode = OFF');
      await joinGroup(member);
    }
    online.push(rows.filter(({ state }) => state === 'ONLINE').length);
  }
  return online.every((count) => count === members.length);
}

/** What a member needs beyond the defaults of MySQL, and shorter times than those. */
function memberArguments(ports: readonly number[], index: number): string[] {
  return [
    `--server-id=${FIRST_SERVER_ID + index}`,
    '--gtid-mode=ON',
    '--enforce-gtid-consistency=ON',
    // The members are listed there.
    '--performance-schema=ON',
    '--report-host=127.0.0.1',
    '--plugin-load-add=group_replication.so',
    `--loose-group-replication-group-name=${GROUP}`,
    '--loose-group-replication-start-on-boot=OFF',
    `--loose-group-replication-local-address=127.0.0.1:${ports[index]}`,
    `--loose-group-replication-group-seeds=${ports.map((port) => `127.0.0.1:${port}`).join(',')}`,
    '--loose-group-replication-recovery-get-public-key=ON',
    // As docs/failover.md says.
    '--loose-group-replication-unreachable-majority-timeout=3',
    // One that was expelled does not come back by itself.
    '--loose-group-replication-autorejoin-tries=0',
  ];
}

async function untilOnline(member: PrivateServer): Promise<void> {
  await waitFor(
    'the member to be online',
    async () => {
      const rows = await on(
        member,
        `SELECT MEMBER_STATE AS state FROM performance_schema.replication_group_members
        WHERE MEMBER_ID = @@server_uuid`,
      );
      return rows[0]?.state === 'ONLINE';
    },
    CHANGE_MS,
  );
}

async function on(member: PrivateServer, sql: string): Promise<Record<string, unknown>[]> {
  const connection = await member.connect({ multipleStatements: true });
  try {
    return (await connection.query(sql))[0] as unknown as Record<string, unknown>[];
  } finally {
    await connection.end();
  }
}
