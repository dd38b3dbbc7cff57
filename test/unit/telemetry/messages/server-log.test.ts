import { describe, expect, it } from 'vitest';
import type { DatabaseServer } from '../../../../src/domain/database-server.js';
import { ServerLog } from '../../../../src/telemetry/messages/server-log.js';
import { ServiceNotifications } from '../../../../src/telemetry/notify/service-notifications.js';
import { recordLog } from '../../../support/telemetry/recorded-log.js';

const server = (serverId: number, more: Partial<DatabaseServer> = {}): DatabaseServer => ({
  ...{ place: `db${serverId - 20}:3306`, identity: `id${serverId}`, instance: `id${serverId}`, serverId },
  ...{ hostname: 'host', mayWrite: true, hasQuorum: true },
  ...more,
});
const READ_ONLY = { mayWrite: false };
const ALONE = { mayWrite: false, hasQuorum: false };

const FIRST = { now: server(21), isOther: true };
const MOVED = { now: server(22), was: server(21), isOther: true };
const TURNED = { now: server(21, READ_ONLY), was: server(21), isOther: false };
const BACK = { now: server(21), was: server(21, READ_ONLY), isOther: false };
const CUT_OFF = { now: server(21, ALONE), was: server(21), isOther: false };

describe('what is said of the database server', () => {
  it('R37: names the new one and the old one, and that none may write', () => {
    const { log, lines } = recordLog();
    const serverLog = new ServerLog(log, () => false);
    for (const change of [FIRST, MOVED, TURNED, BACK, CUT_OFF]) serverLog.onServerChange(change);
    expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'debug the database is at db1:3306, server_id 21',
      'info now at db2:3306, server_id 22; was db1:3306, 21',
      'warn no database server may write: db1:3306, server_id 21, is read-only. It is read, and alarms cannot be cleared there; point [database] at the primary; on a server of its own, SET GLOBAL read_only = OFF',
      'info db1:3306, server_id 21, may write again',
      'warn no database server can be used: db1:3306, server_id 21, has no quorum in its cluster (wsrep_ready = OFF), or rejects queries (wsrep_reject_queries); look at wsrep_cluster_status of this node, and name the other nodes in [database] host as well',
    ]);
  });

  it('R37: who writes nothing is content with a server that may only be read', () => {
    const { log, lines } = recordLog();
    new ServerLog(log, () => true).onServerChange({ ...MOVED, now: server(22, READ_ONLY) });
    expect(lines.map(({ level }) => level)).toEqual(['info']);
  });

  it('R37: is sent as the event server-changed, but for the first server', () => {
    const told = new ServiceNotifications(() => 5);
    const messages = [FIRST, MOVED, BACK].map((change) => told.ofServer(change, false)?.message);
    expect(messages).toEqual([
      undefined,
      'now at db2:3306, server_id 22; was db1:3306, 21',
      'db1:3306, server_id 21, may write again',
    ]);
    expect(told.ofServer(TURNED, false)).toMatchObject({ event: 'server-changed', at: 5 });
    expect(told.ofServer({ now: server(21, READ_ONLY), isOther: true }, false)?.message).toMatch(
      /^no database server may write: db1:3306/,
    );
  });
});
