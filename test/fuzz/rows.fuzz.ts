import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Connection } from 'mysql2/promise';
import { firstValueFrom, ReplaySubject, race, timer } from 'rxjs';
import * as z from 'zod';
import { connectStream } from '../../src/db/binlog/connect-stream.js';
import { openDatabase } from '../../src/db/connection/database.js';
import { DatabaseError } from '../../src/db/connection/database-error.js';
import { openAlarmTable } from '../../src/db/tables/alarm-table.js';
import { BinlogError, type BinlogSignal } from '../../src/domain/alarm/binlog-signal.js';
import { DEFAULT_CONFIG } from '../support/default-config.js';
import { type PrivateServer, startPrivateServer } from '../support/private-server.js';
import { rowServerKinds } from '../support/service/server-kinds.js';
import type { FuzzTarget } from './fuzz-target.js';

const value = z.union([z.string(), z.number(), z.null(), z.boolean()]);
/** One table and what is written to it. */
const input = z.object({
  /** Types of its columns, as in CREATE TABLE. */
  process_id: z.string(),
  alarma: z.string(),
  notes: z.string(),
  /** Further columns, with names and commas. */
  more: z.string().optional(),
  /** process_id, alarma and notes. */
  inserts: z.array(z.array(value).min(3)),
  /** alarma and notes, then the process_id of the row. */
  updates: z.array(z.array(value).min(3)).default([]),
});
const PATIENCE_MS = 20_000;
const TRIES = 100;

/**
 * Rows of every type, on each server that is here: what the binlog says of the alarms is what the table says, or the
 * service knows that it must read the table.
 */
export const target: FuzzTarget = {
  async open() {
    const servers = await Promise.all(rowServerKinds().map(({ options }) => startPrivateServer(options)));
    return {
      async run(text) {
        const parsed = input.safeParse(parseJson(text));
        if (parsed.success) for (const server of servers) await compare(server, parsed.data);
      },
      async close() {
        await Promise.all(servers.map((server) => server.stop()));
      },
    };
  },
};

async function compare(server: PrivateServer, given: z.infer<typeof input>): Promise<void> {
  const root = await server.connect({ multipleStatements: true });
  try {
    await root.query('DROP DATABASE IF EXISTS rows_fuzz; CREATE DATABASE rows_fuzz; USE rows_fuzz');
    const more = given.more === undefined ? '' : `, ${given.more}`;
    const isMade = await tries(
      root,
      `CREATE TABLE PROCESE (process_id ${given.process_id} PRIMARY KEY, process_name VARCHAR(100));
      CREATE TABLE STATUS_PROCESS (process_id ${given.process_id} PRIMARY KEY, alarma ${given.alarma},
        notes ${given.notes}${more})`,
    );
    if (isMade) await watch(server, root, given);
  } finally {
    root.destroy();
  }
}

async function watch(server: PrivateServer, root: Connection, given: z.infer<typeof input>): Promise<void> {
  const { database: defaults, binlog } = DEFAULT_CONFIG;
  const config = {
    ...defaults,
    ...{ host: server.host, port: server.port, user: 'root', password: server.rootPassword },
    database: 'rows_fuzz',
  };
  const database = openDatabase(config);
  const table = openAlarmTable(database, { isEveryHost: false });
  const raised = new Map<number, string | null>();
  let isHidden = false;
  const ended = new ReplaySubject<unknown>(1);
  const marks = new ReplaySubject<unknown>(1);
  const begun = new ReplaySubject<unknown>(1);
  const take = (signal: BinlogSignal): void => {
    if (signal.kind === 'streaming') begun.next(undefined);
    else if (signal.kind === 'raised') raised.set(signal.processId, signal.notes);
    else if (signal.kind === 'lowered') raised.delete(signal.lowering.processId);
    else if (signal.kind === 'hidden' && !signal.namesTable) marks.next('mark');
    else isHidden = true;
  };
  const serverId = 2 ** 31 + Math.floor(Math.random() * 2 ** 30);
  const stream = connectStream({
    ...{ config, binlog, database, table, hostId: undefined },
    namesEveryMs: () => 1000,
    serverId: () => serverId,
    onServer: () => {},
    onActivity: () => {},
  }).subscribe({ next: take, error: (error: unknown) => ended.next(error) });
  try {
    const first = await within(begun, ended);
    // Types that do not work are refused with a remedy.
    if (first !== undefined) return assert.ok(first instanceof BinlogError, `${first}`);
    for (const row of given.inserts)
      await tries(
        root,
        'INSERT INTO STATUS_PROCESS (process_id, alarma, notes) VALUES (?, ?, ?)',
        row.slice(0, 3),
      );
    for (const row of given.updates)
      await tries(
        root,
        'UPDATE STATUS_PROCESS SET alarma = ?, notes = ? WHERE process_id = ?',
        row.slice(0, 3),
      );
    await root.query('CREATE TABLE mark (id INT)');
    const last = await within(marks, ended);
    if (last !== 'mark') return assert.ok(last instanceof BinlogError, `${last}`);
    // A note that is changed beside a raised alarm is no raise: what the stream told of it is the note of the raise.
    const isUpdated = (id: number): boolean => given.updates.some(([, , of]) => Number(of) === id);
    const comparable = (alarms: Iterable<readonly [number, string | null]>): unknown[][] =>
      [...alarms].map(([id, notes]) => (isUpdated(id) ? [id] : [id, notes])).sort(byId);
    const page = await table.readStanding();
    const standing = comparable(page.alarms.map(({ processId, notes }) => [processId, notes]));
    // Another event may look like the mark: what the rows say comes a moment later then.
    const isSame = (): boolean => isDeepStrictEqual(comparable(raised), standing);
    for (let tries = 0; tries < TRIES && !isHidden && !isSame(); tries += 1) await delay(50);
    if (!isHidden) assert.deepEqual(comparable(raised), standing);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
  } finally {
    stream.unsubscribe();
    await database.close();
  }
}

async function within(...sources: readonly ReplaySubject<unknown>[]): Promise<unknown> {
  const late = timer(PATIENCE_MS);
  const first = await firstValueFrom(race(...sources, late));
  assert.notEqual(first, 0, 'nothing came');
  return first;
}

function byId([a]: readonly unknown[], [b]: readonly unknown[]): number {
  return Number(a) - Number(b);
}

/** What the server does not take is not what is tried. */
async function tries(root: Connection, sql: string, values: readonly unknown[] = []): Promise<boolean> {
  return root.query(sql, [...values]).then(
    () => true,
    () => false,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
