import { describe, expect, it } from 'vitest';
import type { DatabaseConfig } from '../../../../src/config/config.js';
import type { ServerSettings } from '../../../../src/db/connection/server-settings.js';
import type { Diagnosis } from '../../../../src/db/preflight/diagnosis.js';
import { ServerDiagnostics } from '../../../../src/service/binlog/server-diagnostics.js';
import { recordLog } from '../../../support/telemetry/recorded-log.js';

const DATABASE: DatabaseConfig = {
  host: 'db1',
  port: 3306,
  user: 'watcher',
  password: '',
  database: 'alarms',
  sslMode: 'preferred',
};
const SETTINGS: ServerSettings = {
  flavour: 'mariadb',
  version: '10.11.19-MariaDB-log',
  account: { user: 'watcher', host: '%' },
  global: new Map([['binlog_format', 'MIXED']]),
};
const WARNING: Diagnosis = {
  severity: 'warning',
  message: 'binlog_format is MIXED',
  remedy: 'set binlog_format=ROW',
};

describe('what is known of the server', () => {
  it('is nothing before it was reached, nor after a reload that names another', () => {
    const server = new ServerDiagnostics(recordLog().log);
    expect(server.describe(DATABASE)).toBeUndefined();
    server.update(DATABASE, SETTINGS, []);
    expect(server.describe(DATABASE)).toBe('MariaDB 10.11.19 (binlog_format MIXED) at db1:3306');
    expect(server.describe({ ...DATABASE, host: 'db2' })).toBeUndefined();
    expect(server.describe({ ...DATABASE, socket: '/run/db.sock' })).toBeUndefined();
  });

  it('R6: each thing to change is told once', () => {
    const { log, lines } = recordLog();
    const server = new ServerDiagnostics(log);
    for (const _ of [1, 2]) server.update(DATABASE, SETTINGS, [WARNING]);
    expect(lines.map(({ message }) => message)).toEqual(['binlog_format is MIXED; set binlog_format=ROW']);
  });
});
