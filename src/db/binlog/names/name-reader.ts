import type { Connection, Pool } from 'mysql2/promise';
import { query } from '../../connection/query.js';
import { readServerSettings } from '../../connection/server-settings.js';
import { quoteIdentifier, toText } from '../../connection/sql-text.js';
import { queryFirstKnown } from '../../preflight/query-first-known.js';
import type { TableLayout } from '../../tables/table-layout.js';
import { type KnownNames, MAX_NAMES, type NameReading } from './known-names.js';

interface BinlogPosition {
  readonly file: string;
  readonly position: number;
}

interface NameReaderOptions {
  /** Of the server whose binlog is read. */
  readonly pool: Pool;
  readonly layout: TableLayout;
  readonly hostId: string | undefined;
  readonly names: KnownNames;
  /** How far the stream has come. */
  readonly position: () => BinlogPosition;
  /** How often the names are read again, in ms. Called each time, because a reload may change it. */
  readonly everyMs: () => number;
  readonly now: () => number;
}

/** Small enough that neither zongji's own query nor the event loop waits long for one page. */
const PAGE = 2000;
const TRY_AGAIN_MS = 500;

/** Reads all names at intervals (R36). A failed reading is tried again at the next one; until then each name is looked up. */
export class NameReader {
  #timer: NodeJS.Timeout | undefined;
  #isEnded = false;
  /** What was read; it counts once the stream has reached this position. */
  #read: { reading: NameReading; rows: Map<number, string>; position: BinlogPosition } | undefined;

  constructor(private readonly options: NameReaderOptions) {}

  start(): void {
    this.#schedule(TRY_AGAIN_MS);
  }

  end(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
  }

  /** The stream has advanced. */
  onProgress(): void {
    const read = this.#read;
    if (!read || !isReached(read.position, this.options.position())) return;
    this.#read = undefined;
    this.options.names.adopt(read.reading, read.rows);
  }

  #schedule(delayMs: number): void {
    if (this.#isEnded) return;
    this.#timer = setTimeout(() => void this.#readAll(), delayMs);
  }

  async #readAll(): Promise<void> {
    const { names, now, everyMs } = this.options;
    const reading = names.beginReading(now());
    if (!reading) {
      this.#schedule(TRY_AGAIN_MS);
      return;
    }
    try {
      const rows = await this.#readRows();
      const position = rows && (await this.#use(readPosition));
      if (rows && position) this.#read = { reading, rows, position };
      this.onProgress();
    } catch {
      // The stream ends with this server, or the table cannot be read: both are reported elsewhere.
    }
    this.#schedule(everyMs());
  }

  async #readRows(): Promise<Map<number, string> | undefined> {
    const { layout, hostId } = this.options;
    if (!(await this.#use((connection) => canBeKept(connection, layout)))) return undefined;
    const rows = new Map<number, string>();
    for (let last: number | undefined; !this.#isEnded; ) {
      const page = await this.#use((connection) => readPage(connection, layout, hostId, last));
      for (const { processId, processName } of page) {
        const name = toText(processName);
        if (name !== null && Number.isSafeInteger(processId)) rows.set(processId, name);
      }
      last = page.at(-1)?.processId;
      if (page.length < PAGE || !Number.isSafeInteger(last) || rows.size + PAGE > MAX_NAMES) break;
    }
    return rows;
  }

  async #use<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await this.options.pool.getConnection();
    try {
      return await work(connection);
    } finally {
      connection.release();
    }
  }
}

interface NameRow {
  readonly processId: number;
  readonly processName: unknown;
}

/** Names of other hosts' processes are not read: in a fleet they are most of the table. */
function readPage(
  connection: Connection,
  { schema, processTable, statusTable, hostIdIn }: TableLayout,
  hostId: string | undefined,
  after: number | undefined,
): Promise<NameRow[]> {
  const ofHost = {
    process: 'p.host_id = ?',
    status: `EXISTS (SELECT 1 FROM ${quoteIdentifier(schema)}.${quoteIdentifier(statusTable)} AS s
      WHERE s.process_id = p.process_id AND s.host_id = ?)`,
  };
  const host = hostId === undefined || hostIdIn === undefined ? undefined : { id: hostId, column: hostIdIn };
  const conditions = [
    ...(after === undefined ? [] : ['p.process_id > ?']),
    ...(host === undefined ? [] : [ofHost[host.column]]),
  ];
  return query<NameRow>(
    connection,
    `SELECT p.process_id AS processId, p.process_name AS processName
      FROM ${quoteIdentifier(schema)}.${quoteIdentifier(processTable)} AS p
      ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''} ORDER BY p.process_id LIMIT ${PAGE}`,
    [...(after === undefined ? [] : [after]), ...(host === undefined ? [] : [host.id])],
  );
}

/**
 * Whether the binlog shows every change of a name: it has rows, each process has one row, and no other table changes
 * PROCESE by a CASCADE.
 */
async function canBeKept(connection: Connection, { schema, processTable }: TableLayout): Promise<boolean> {
  const { global } = await readServerSettings(connection);
  if ((global.get('binlog_format') ?? 'ROW') !== 'ROW') return false;
  const table = `${quoteIdentifier(schema)}.${quoteIdentifier(processTable)}`;
  const [row] = await query<Record<string, unknown>>(connection, `SHOW CREATE TABLE ${table}`, []);
  const text = String(row?.['Create Table'] ?? '');
  const isUnique = /\b(PRIMARY|UNIQUE) KEY\b[^(\n]*\(`process_id`\)/i.test(text);
  return isUnique && !/\bON (DELETE|UPDATE) (CASCADE|SET)\b/i.test(text);
}

async function readPosition(connection: Connection): Promise<BinlogPosition | undefined> {
  const rows = await queryFirstKnown(connection, ['SHOW BINARY LOG STATUS', 'SHOW MASTER STATUS']);
  const { File: file, Position: position } = rows?.[0] ?? {};
  return file === undefined ? undefined : { file: String(file), position: Number(position) };
}

/** Exported for its test. */
export function isReached(wanted: BinlogPosition, now: BinlogPosition): boolean {
  if (wanted.file === now.file) return now.position >= wanted.position;
  return numberOf(now.file) > numberOf(wanted.file);
}

function numberOf(file: string): number {
  return Number(/\.(\d+)$/.exec(file)?.[1] ?? Number.NaN);
}
