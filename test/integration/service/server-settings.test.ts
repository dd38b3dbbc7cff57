import { writeFile } from 'node:fs/promises';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../src/db/connection/database.js';
import { openAlarmAdmin } from '../../../src/db/tables/alarm-admin.js';
import { openAlarmTable } from '../../../src/db/tables/alarm-table.js';
import { waitFor } from '../../support/restart/wait-for.js';
import type { AlarmDatabase } from '../../support/service/alarm-database.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { serverKinds } from '../../support/service/server-kinds.js';

/** Global settings of servers that the statements of this service were not written on. */
const SETTINGS: readonly [name: string, set: string, flavour?: 'mariadb'][] = [
  ['sql_mode = NO_BACKSLASH_ESCAPES', "SET GLOBAL sql_mode = 'NO_BACKSLASH_ESCAPES'"],
  ['sql_mode = ANSI', "SET GLOBAL sql_mode = 'ANSI'"],
  ['no sql_mode at all', "SET GLOBAL sql_mode = ''"],
  ['sql_mode = ORACLE', "SET GLOBAL sql_mode = 'ORACLE'", 'mariadb'],
  [
    'sql_safe_updates, autocommit = 0 and sql_select_limit = 1',
    'SET GLOBAL sql_safe_updates = 1, GLOBAL autocommit = 0, GLOBAL sql_select_limit = 1',
  ],
  ['transaction_read_only', 'SET GLOBAL TRANSACTION READ ONLY'],
];
const AS_INSTALLED = [
  'SET GLOBAL sql_mode = DEFAULT, GLOBAL sql_safe_updates = 0, GLOBAL autocommit = 1, GLOBAL sql_select_limit = DEFAULT',
  'SET GLOBAL TRANSACTION READ WRITE',
];

/** Ends the text it is quoted in, wherever a server takes it for SQL. */
const HOSTILE = `\\',s.alarma=0,s.sound=77#"`;

describeOnServers('R14: the settings of the server', serverKinds, ({ server, kind, open }) => {
  const set = async (...statements: readonly string[]): Promise<void> => {
    const root = await server.connect();
    for (const statement of statements) await root.query(statement);
    await root.end();
  };

  it.each(SETTINGS.filter(([, , flavour]) => flavour === undefined || flavour === kind.options.flavour))(
    'change no statement: %s',
    async (_, statement) => {
      const scene = await open('fine', 'broken');
      const { database, path } = scene;
      await writeFile(
        path('fail'),
        `#!/bin/sh\nprintf '%s\\n' '${HOSTILE.replaceAll("'", "'\\''")}' >&2; exit 3\n`,
        {
          mode: 0o755,
        },
      );
      onTestFinished(() => set(...AS_INSTALLED));
      await set(statement);
      const daemon = await scene.watch({
        'process.broken': { restart_command: path('fail'), restart_delay: 0, health_check_command: 'false' },
      });
      await database.query(
        'SET SESSION TRANSACTION READ WRITE; UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id > 0; COMMIT',
      );
      await daemon.cleared('fine');
      await daemon.waitForLine(/broken: .*alarm stays raised/);
      expect(await database.row(1)).toMatchObject({ alarma: 0, notes: expect.stringMatching(/^OK /) });
      await waitFor(
        'the note',
        async () => (await database.row(2)).notes?.includes(HOSTILE.slice(0, 13)) === true,
      );
      expect(await database.row(2)).toMatchObject({ alarma: 1, sound: 0 });
    },
  );

  it('change nothing about what an administrator raises, whatever the note', async () => {
    const { database } = await open('one', 'two', 'three');
    onTestFinished(() => set(...AS_INSTALLED));
    await set("SET GLOBAL sql_mode = 'NO_BACKSLASH_ESCAPES'");
    const admin = openAlarmAdmin(openDatabaseOfTest(database), { isEveryHost: false });
    await admin.change(() => ({ alarma: 1, update: [1, 2], insert: [], note: `x${HOSTILE}` }));
    expect(await database.row(1)).toEqual({ alarma: 1, sound: 0, notes: `x${HOSTILE}` });
    expect(await database.row(3)).toMatchObject({ alarma: 0, notes: null });
  });

  it('leave the server its prepared statements: a handful of texts for any number of processes', async () => {
    const { database } = await open('one');
    const table = openAlarmTable(openDatabaseOfTest(database), { isEveryHost: false });
    const before = await preparedStatements(database);
    for (let round = 0; round < 200; round += 1) {
      const ids = Array.from({ length: 100 }, (_, index) => round * 100 + index);
      await Promise.all(ids.map((id) => table.clear(id, `cleared ${id}`)));
      await table.readNames(ids.slice(0, 1 + (round % 100)));
    }
    expect((await preparedStatements(database)) - before).toBeLessThan(50);
  });

  function openDatabaseOfTest({ user, password, name }: AlarmDatabase) {
    const { host, port } = server;
    const database = openDatabase({ host, port, user, password, database: name, sslMode: 'disabled' });
    onTestFinished(() => database.close());
    return database;
  }
});

async function preparedStatements(database: AlarmDatabase): Promise<number> {
  const rows = await database.query("SHOW GLOBAL STATUS LIKE 'Prepared_stmt_count'");
  const [{ Value }] = rows as [{ Value: string }];
  return Number(Value);
}
