import type { Connection } from 'mysql2/promise';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openBinlog } from '../../../src/db/binlog/open-binlog.js';
import type { BinlogSignal } from '../../../src/domain/alarm/binlog-signal.js';
import { runSqlFile } from '../../support/database/sql-file.js';
import { startPrivateServer } from '../../support/private-server.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { serverFlavours } from '../../support/server-programs.js';

const TIMES = 1000;
const DATABASE = 'v_process_monitor';

interface Way {
  readonly title: string;
  readonly sql: (name: string) => string;
  /** Which name is the row's own at the commit of the raise. */
  readonly counts: 'new' | 'old';
}

const RENAME = (name: string) => `UPDATE PROCESE SET process_name = '${name}' WHERE process_id = 1`;
const RAISE = "UPDATE STATUS_PROCESS SET alarma = 1, notes = 'help' WHERE process_id = 1";
const WAYS: readonly Way[] = [
  {
    title: 'renamed, then raised in one transaction',
    sql: (name) => `START TRANSACTION; ${RENAME(name)}; ${RAISE}; COMMIT`,
    counts: 'new',
  },
  {
    title: 'raised, then renamed in one transaction',
    sql: (name) => `START TRANSACTION; ${RAISE}; ${RENAME(name)}; COMMIT`,
    counts: 'new',
  },
  { title: 'renamed, then raised in two', sql: (name) => `${RENAME(name)}; ${RAISE}`, counts: 'new' },
  { title: 'raised, then renamed in two', sql: (name) => `${RAISE}; ${RENAME(name)}`, counts: 'old' },
  {
    title: 'both in one statement',
    sql: (name) => `UPDATE STATUS_PROCESS s JOIN PROCESE p USING (process_id)
      SET s.alarma = 1, p.process_name = '${name}' WHERE p.process_id = 1`,
    counts: 'new',
  },
  {
    title: 'replaced, then raised in two',
    sql: (name) => `REPLACE INTO PROCESE (process_id, process_name) VALUES (1, '${name}'); ${RAISE}`,
    counts: 'new',
  },
  {
    title: 'swapped with another, and raised between',
    sql: (
      name,
    ) => `START TRANSACTION; UPDATE PROCESE SET process_name = '${name}x' WHERE process_id = 2; ${RAISE};
      ${RENAME(name)}; COMMIT; UPDATE PROCESE SET process_name = '${name}y' WHERE process_id = 2`,
    counts: 'new',
  },
];

describe.each(serverFlavours())('R36: the name of a raised alarm, %s', (flavour) => {
  it(`is the row's own at the commit, ${TIMES} times in each way, while the names are read all the time`, async () => {
    const { root, raised } = await watch();
    const expected: string[] = [];
    let name = 'first';
    for (let time = 0; time < TIMES; time += 1) {
      for (const [index, way] of WAYS.entries()) {
        const next = `n${time}-${index}`;
        expected.push(way.counts === 'new' ? next : name);
        await root.query(`${way.sql(next)}; UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id = 1`);
        name = next;
      }
    }
    await waitFor('all raises', () => Promise.resolve(raised.length >= expected.length));
    const wrong = raised.flatMap(({ processName }, index) =>
      processName === undefined || processName === expected[index]
        ? []
        : [`${WAYS[index % WAYS.length]?.title}: ${processName} for ${expected[index]}`],
    );
    expect(wrong).toEqual([]);
    expect(raised).toHaveLength(expected.length);
    // Else nothing was proven.
    expect(raised.filter(({ processName }) => processName !== undefined).length).toBeGreaterThan(TIMES);
  }, 900_000);

  it('a change that is kept out of the binlog is known with the next reading; a hidden statement forgets all', async () => {
    const { root, raised, raiseUntil } = await watch();
    await raiseUntil('first');
    await root.query(`SET SESSION sql_log_bin = 0; ${RENAME('unlogged')}; SET SESSION sql_log_bin = 1`);
    await raiseUntil('unlogged');
    await root.query(
      `SET SESSION binlog_format = STATEMENT; ${RENAME('stated')}; SET SESSION binlog_format = ROW;
        ${RAISE.replace('help', 'after the hidden statement')}`,
    );
    const after = await waitFor('the raise', () =>
      raised.find(({ notes }) => notes === 'after the hidden statement'),
    );
    expect(after.processName).not.toBe('unlogged');
    await raiseUntil('stated');
  });

  async function watch() {
    const server = await startPrivateServer({ flavour });
    onTestFinished(() => server.stop());
    await runSqlFile(server, 'setup.sql');
    const root: Connection = await server.connect({ multipleStatements: true, database: DATABASE });
    onTestFinished(() => root.end());
    await root.query(`INSERT INTO PROCESE VALUES (1, 'first'), (2, 'second');
      INSERT INTO STATUS_PROCESS (process_id) VALUES (1); SET SESSION foreign_key_checks = 0`);
    const raised: Extract<BinlogSignal, { kind: 'raised' }>[] = [];
    const errors: unknown[] = [];
    let isUp = false;
    const { host, port, rootPassword: password } = server;
    const stream = openBinlog({
      connection: { host, port, user: 'root', password, database: DATABASE, supportBigNumbers: true },
      ...{ serverId: 77, heartbeatMs: 5000, hostId: undefined, versioned: new Set() },
      layout: {
        schema: DATABASE,
        ...{ statusTable: 'STATUS_PROCESS', processTable: 'PROCESE', hasSound: true, hostIdIn: undefined },
        notes: { maxLength: 100 },
      },
      names: { everyMs: () => 20 },
      parseOwnStatement: () => undefined,
      onActivity: () => {},
    }).subscribe({
      next: (signal) => {
        if (signal.kind === 'streaming') isUp = true;
        if (signal.kind === 'raised') raised.push(signal);
      },
      error: (error: unknown) => errors.push(error),
    });
    onTestFinished(() => {
      stream.unsubscribe();
      expect(errors).toEqual([]);
    });
    await waitFor('the stream', () => Promise.resolve(isUp));
    const raiseUntil = async (name: string): Promise<void> => {
      await waitFor(`the name ${name}`, async () => {
        await root.query(`${RAISE}; UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id = 1`);
        return raised.at(-1)?.processName === name;
      });
    };
    return { root, raised, raiseUntil };
  }
});
