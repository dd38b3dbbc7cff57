import { waitFor } from '../restart/wait-for.js';
import type { Host } from './host.js';

interface Row {
  readonly alarma: number;
  readonly notes: string;
}

/** Some units take 20 s to stop, on a machine with nothing else to do. */
const DEADLINE_MS = 120_000;

/** The table, as the tools that raise alarms and the people who read it have it. */
export class Alarms {
  #lastId = 0;
  readonly #ids = new Map<string, number>();
  #client: readonly string[] = [];

  constructor(private readonly host: Host) {}

  /** Speaks to another server from now on, which has the same rows. @param client Options of the mariadb client. */
  turnTo(client: readonly string[]): void {
    this.#client = client;
  }

  async sql(statement: string): Promise<string> {
    const client = ['mariadb', ...this.#client, '--skip-column-names', '--batch'];
    return this.host.run(...client, 'v_process_monitor', '-e', statement);
  }

  /** Raises the alarm of a process, which gets its rows when it has none yet. */
  async raise(name: string): Promise<void> {
    const known = this.#ids.get(name);
    if (known !== undefined) {
      await this.sql(`UPDATE STATUS_PROCESS SET alarma = 1, notes = NULL WHERE process_id = ${known}`);
      return;
    }
    this.#lastId += 1;
    this.#ids.set(name, this.#lastId);
    // As hexadecimal digits: a name may have any character.
    const text = `X'${Buffer.from(name).toString('hex')}'`;
    await this.sql(`INSERT INTO PROCESE VALUES (${this.#lastId}, ${text});
      INSERT INTO STATUS_PROCESS (process_id, alarma) VALUES (${this.#lastId}, 1)`);
  }

  /** Raises the alarms of these processes in one transaction. */
  async raiseTogether(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      if (!this.#ids.has(name)) await this.raise(name);
      await this.settled(name);
    }
    const ids = names.map((name) => this.#ids.get(name)).join(', ');
    await this.sql(`UPDATE STATUS_PROCESS SET alarma = 1, notes = NULL WHERE process_id IN (${ids})`);
  }

  /** The row of a process. */
  async row(name: string): Promise<Row> {
    const id = this.#ids.get(name);
    const text = await this.sql(
      `SELECT alarma, COALESCE(notes, '') FROM STATUS_PROCESS WHERE process_id = ${id}`,
    );
    const [alarma = '', notes = ''] = text.trimEnd().split('\t');
    return { alarma: Number(alarma), notes };
  }

  /** Raises and waits for the outcome: the alarm cleared, or a note that says why not. */
  async raiseAndSettle(name: string): Promise<Row> {
    await this.raise(name);
    return this.settled(name);
  }

  async settled(name: string): Promise<Row> {
    return waitFor(
      `the outcome of the alarm of ${name}`,
      async () => {
        // The database server itself may be the one that is restarted.
        const row = await this.row(name).catch(() => undefined);
        return row && (row.alarma === 0 || /^(FAILED|REFUSED|OPEN) /.test(row.notes)) ? row : undefined;
      },
      DEADLINE_MS,
    );
  }
}
