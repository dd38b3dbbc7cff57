import type { Connection } from 'mysql2/promise';
import { jittered } from '../../../domain/jitter.js';
import { query } from '../../connection/query.js';
import { readServerSettings } from '../../connection/server-settings.js';
import { quoteIdentifier, toText } from '../../connection/sql-text.js';
import type { TableLayout } from '../../tables/table-layout.js';
import { type KnownNames, MAX_NAMES, type NameReading } from './known-names.js';
import type { NameSource } from './name-source.js';

interface NameReaderOptions {
  readonly source: NameSource;
  readonly layout: TableLayout;
  readonly hostId: string | undefined;
  readonly names: KnownNames;
  /** How often the names are read again, in ms. Called each time, because a reload may change it. */
  readonly everyMs: () => number;
  readonly now: () => number;
}

/** Small enough that neither zongji's own query nor the event loop waits long for one page. */
const PAGE = 2000;
const TRY_AGAIN_MS = 500;

/**
 * Reads all names at intervals (R36). A failed reading is tried again at the next one; until then each name is looked
 * up.
 */
export class NameReader {
  #timer: NodeJS.Timeout | undefined;
  #isEnded = false;
  /** What was read; it counts once the stream has come so far. */
  #read: { reading: NameReading; rows: Map<number, string>; isReached: () => boolean } | undefined;

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
    if (!read?.isReached()) return;
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
      const isReached = rows && (await this.options.source.noteProgress());
      if (rows && isReached) this.#read = { reading, rows, isReached };
      this.onProgress();
    } catch {
      // The stream ends with this server, or the table cannot be read: both are reported elsewhere.
    }
    this.#schedule(jittered(everyMs(), Math.random));
  }

  async #readRows(): Promise<Map<number, string> | undefined> {
    const { layout, hostId } = this.options;
    if (!(await this.options.source.use((connection) => canBeKept(connection, layout)))) return undefined;
    const rows = new Map<number, string>();
    for (let last: number | undefined; !this.#isEnded; ) {
      const page = await this.options.source.use((connection) => readPage(connection, layout, hostId, last));
      for (const { processId, processName } of page) {
        const name = toText(processName);
        if (name !== null && Number.isSafeInteger(processId)) rows.set(processId, name);
      }
      last = page.at(-1)?.processId;
      if (page.length < PAGE || !Number.isSafeInteger(last) || rows.size + PAGE > MAX_NAMES) break;
    }
    return rows;
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
