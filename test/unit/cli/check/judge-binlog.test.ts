import { describe, expect, it } from 'vitest';
import { judgeBinlog, judgeServerId } from '../../../../src/cli/check/database/judge-binlog.js';
import type { ServerSettings } from '../../../../src/db/connection/server-settings.js';
import { diagnoseSettings } from '../../../../src/db/preflight/diagnose-settings.js';

const GOOD = {
  log_bin: 'ON',
  server_id: '1',
  binlog_format: 'ROW',
  binlog_row_image: 'FULL',
  binlog_row_metadata: 'MINIMAL',
  binlog_transaction_compression: 'OFF',
  lower_case_table_names: '0',
};

function settingsOf(global: Readonly<Record<string, string>>): ServerSettings {
  return {
    flavour: 'mysql',
    version: '9.7.4',
    account: { user: 'u', host: 'h' },
    global: new Map(Object.entries({ ...GOOD, ...global })),
  };
}

describe('what check says of the settings of the binlog', () => {
  it.each([
    ['log_bin', 'OFF', 'fault'],
    ['server_id', '0', 'fault'],
    ['binlog_format', 'STATEMENT', 'warning'],
    ['binlog_row_image', 'MINIMAL', 'warning'],
    ['binlog_transaction_compression', 'ON', 'warning'],
  ])('R6: %s = %s is told once, in the words of the log', (name, value, level) => {
    const settings = settingsOf({ [name]: value });
    const [diagnosis, ...others] = diagnoseSettings(settings);
    expect(others).toEqual([]);
    const about = judgeBinlog(settings, diagnoseSettings(settings)).filter(({ subject }) => subject === name);
    expect(about).toEqual([{ level, subject: name, message: diagnosis?.message, remedy: diagnosis?.remedy }]);
  });

  it('is good of every one that nothing is said about', () => {
    const found = judgeBinlog(settingsOf({}), []);
    expect(found.every(({ level }) => level === 'ok')).toBe(true);
    expect(found.map(({ subject }) => subject)).toEqual([
      'log_bin',
      'binlog_format',
      'binlog_row_image',
      'binlog_row_metadata',
      'binlog_transaction_compression',
      'lower_case_table_names',
      'privileges',
    ]);
  });

  it('says nothing of the format of a binlog that is off', () => {
    const settings = settingsOf({ log_bin: 'OFF' });
    const subjects = judgeBinlog(settings, diagnoseSettings(settings)).map(({ subject }) => subject);
    expect(subjects).toEqual(['lower_case_table_names', 'privileges', 'log_bin']);
  });
});

describe('our server_id', () => {
  it.each([
    ['auto', [1], 'ok'],
    [7, [8, 9], 'ok'],
    [7, undefined, 'ok'],
    [1, [], 'fault'],
    [7, [8, 7], 'fault'],
  ] as const)('%s beside replicas %j: %s', (ours, replicas, level) => {
    expect(judgeServerId(ours, settingsOf({}), replicas)).toMatchObject({ level, subject: 'server_id' });
  });
});
