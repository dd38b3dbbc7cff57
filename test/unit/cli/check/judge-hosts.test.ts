import { describe, expect, it } from 'vitest';
import { judgeHosts } from '../../../../src/cli/check/database/judge-hosts.js';
import type { DatabaseServer } from '../../../../src/domain/database-server.js';

const server = (serverId: number, more: Partial<DatabaseServer> = {}): DatabaseServer => ({
  ...{ place: `db${serverId}`, identity: `id${serverId}`, instance: `id${serverId}`, serverId },
  ...{ hostname: 'host', mayWrite: true, hasQuorum: true },
  ...more,
});

describe('the servers of the list', () => {
  it('R37: each is told with what it may do, and with what it lacks as the next primary', () => {
    const findings = judgeHosts(
      [
        { place: 'db1:3306', server: server(21), diagnoses: [] },
        {
          place: 'db2:3306',
          server: server(22, { mayWrite: false }),
          diagnoses: [
            { severity: 'fatal-for-stream', message: 'the binlog is off', remedy: 'switch it on' },
            { severity: 'warning', message: 'the server is read-only', remedy: '', isAboutWriting: true },
          ],
        },
        { place: 'db3:3306', server: server(23, { mayWrite: false, hasQuorum: false }), diagnoses: [] },
        { place: 'db4:3306', failure: new Error('refused') },
      ],
      'id21',
    );
    expect(findings.map(({ level, subject, message }) => `${level} ${subject}: ${message}`)).toEqual([
      'ok db1:3306: server_id 21, may write; this one is used',
      'ok db2:3306: server_id 22, read-only',
      'warning db2:3306: if it becomes the primary, it is only polled: the binlog is off',
      'ok db3:3306: server_id 23, without quorum',
      'warning db4:3306: refused',
    ]);
  });
});
