import { setTimeout as delay } from 'node:timers/promises';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { Random } from '../random.js';
import type { Lab } from '../scene/lab.js';

/** One time in which a process had this name, and one raise of its alarm. Ms since the epoch, of the lab's clock. */
interface NameSpan {
  readonly processId: number;
  readonly name: string;
  /** It had the name no sooner, and no later. */
  readonly from: number;
  to: number;
}
export interface NamedRaise {
  readonly processId: number;
  /** It was committed no sooner, and no later. */
  readonly from: number;
  readonly to: number;
}
export interface Renames {
  readonly spans: readonly NameSpan[];
  readonly raises: readonly NamedRaise[];
}

/** Beside the members of the lab, whose names stay as they are. */
export const RENAMED_IDS: readonly number[] = [9001, 9002, 9003];

const PAUSE_MS = 250;

/** What one transaction does. */
interface Step {
  readonly sql: readonly string[];
  readonly names?: ReadonlyMap<number, string>;
  readonly raises?: number;
}

/** Renames, swaps, REPLACEs and deletes processes, and raises their alarms in the midst of it. */
export class Renamer implements Renames {
  readonly spans: NameSpan[] = [];
  readonly raises: NamedRaise[] = [];
  readonly #random: Random;
  #last = 0;
  #connection: Connection | undefined;
  #isStopped = false;
  readonly #ended: Promise<void>;

  constructor(private readonly lab: Lab) {
    this.#random = lab.random.fork('renamer');
    this.#ended = this.#loop();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#ended;
  }

  async #loop(): Promise<void> {
    while (!this.#isStopped) {
      await this.lab.traffic.pass(() => this.#playOnce());
      await delay(this.#random.between(0, 2 * PAUSE_MS));
    }
    this.#connection?.destroy();
  }

  async #playOnce(): Promise<void> {
    try {
      this.#connection ??= await this.#connect();
      for (const step of this.#draw()) await this.#carryOut(this.#connection, step);
    } catch {
      // Whether the transaction was committed nobody knows: the next connection asks for the names.
      this.#connection?.destroy();
      this.#connection = undefined;
      await delay(100);
    }
  }

  async #connect(): Promise<Connection> {
    const { server, database } = this.lab;
    const connection = await server.connect({ database: database.name });
    await connection.query(
      'SET SESSION innodb_lock_wait_timeout = 5, lock_wait_timeout = 5, foreign_key_checks = 0',
    );
    for (const id of RENAMED_IDS) {
      await connection.query('INSERT IGNORE INTO PROCESE VALUES (?, ?)', [id, this.#newName(id)]);
    }
    const [rows] = await connection.query<RowDataPacket[]>(
      'SELECT process_id, process_name FROM PROCESE WHERE process_id IN (?)',
      [RENAMED_IDS],
    );
    for (const { process_id: id, process_name: name } of rows) this.#note(id, name, 0, Date.now());
    return connection;
  }

  #draw(): readonly Step[] {
    const id = this.#random.pick(RENAMED_IDS);
    const other = this.#random.pick(RENAMED_IDS.filter((one) => one !== id));
    const name = this.#newName(id);
    const names = new Map([[id, name]]);
    const rename = `UPDATE PROCESE SET process_name = '${name}' WHERE process_id = ${id}`;
    const raise = `INSERT INTO STATUS_PROCESS (process_id, alarma) VALUES (${id}, 1) ON DUPLICATE KEY UPDATE alarma = 1`;
    const swapped = new Map([
      [id, this.#nameOf(other) ?? name],
      [other, this.#nameOf(id) ?? `${name}x`],
    ]);
    const swap = [...swapped].map(
      ([one, its]) => `UPDATE PROCESE SET process_name = '${its}' WHERE process_id = ${one}`,
    );
    return this.#random.pick<readonly Step[]>([
      [{ sql: [rename, raise], names, raises: id }],
      [{ sql: [raise, rename], names, raises: id }],
      [
        { sql: [rename], names },
        { sql: [raise], raises: id },
      ],
      [
        { sql: [raise], raises: id },
        { sql: [rename], names },
      ],
      [{ sql: [...swap, raise], names: swapped, raises: id }],
      [
        { sql: swap, names: swapped },
        { sql: [raise], raises: id },
      ],
      [
        { sql: [`REPLACE INTO PROCESE VALUES (${id}, '${name}')`], names },
        { sql: [raise], raises: id },
      ],
      [
        {
          sql: [
            `DELETE FROM STATUS_PROCESS WHERE process_id = ${id}`,
            `DELETE FROM PROCESE WHERE process_id = ${id}`,
            `INSERT INTO PROCESE VALUES (${id}, '${name}')`,
            raise,
          ],
          names,
          raises: id,
        },
      ],
    ]);
  }

  async #carryOut(connection: Connection, { sql, names = new Map(), raises }: Step): Promise<void> {
    await connection.query('START TRANSACTION');
    for (const statement of sql) await connection.query(statement);
    const from = Date.now();
    let isCommitted = false;
    try {
      await connection.query('COMMIT');
      isCommitted = true;
    } finally {
      const to = isCommitted ? Date.now() : Number.POSITIVE_INFINITY;
      if (raises !== undefined) this.raises.push({ processId: raises, from, to });
      // A raise of the same transaction has the new name already.
      for (const [id, name] of names) this.#note(id, name, from, raises === id && isCommitted ? from : to);
    }
  }

  /** The process has this name since `from`, and had the one before until `to`. */
  #note(processId: number, name: string, from: number, to: number): void {
    const before = this.spans.findLast((span) => span.processId === processId);
    if (before?.name === name && before.to === Number.POSITIVE_INFINITY) return;
    for (const span of this.spans) {
      if (span.processId === processId && span.to === Number.POSITIVE_INFINITY) span.to = to;
    }
    this.spans.push({ processId, name, from, to: Number.POSITIVE_INFINITY });
  }

  #nameOf(processId: number): string | undefined {
    return this.spans.findLast((span) => span.processId === processId)?.name;
  }

  #newName(processId: number): string {
    this.#last += 1;
    return `renamed${processId - 9000}-${this.#last}`;
  }
}
