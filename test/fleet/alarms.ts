import { setTimeout as pause } from 'node:timers/promises';
import type { Restart } from './journal.js';
import type { Site } from './site.js';

/** One raise, and what came of it. Times are of `performance.now()`, ms. */
export interface RaisedAlarm {
  readonly phase: string;
  readonly host: string;
  readonly processName: string;
  /** When the server said that it is raised; Infinity until then. A restart may come before that. */
  raisedAt: number;
  readonly restarts: Restart[];
  clearedAt?: number;
}

interface Row {
  readonly processId: number;
  readonly host: string;
  readonly processName: string;
  last?: RaisedAlarm;
  isRaising: boolean;
}

const LOOK_EVERY_MS = 200;
const TRY_AGAIN_MS = 100;
/** A cycle makes sure of its clear; a raise within that time gets a health check, and perhaps no restart (R7). ms. */
const REST_MS = 6000;

/** Raises alarms on the present primary of the present site, on random hosts, and follows each to its end. */
export class Alarms {
  readonly raised: RaisedAlarm[] = [];
  /** Restarts of processes that nobody raised. */
  readonly unasked: Restart[] = [];
  phase = '';
  readonly #rows: readonly Row[];
  readonly #byName: ReadonlyMap<string, Row>;
  #site: Site;
  #isEnded = false;

  constructor(site: Site, hosts: readonly string[], processesOfEach: number) {
    this.#site = site;
    this.#rows = hosts.flatMap((host, index) =>
      Array.from({ length: processesOfEach }, (_, each) => ({
        processId: index * processesOfEach + each + 1,
        host,
        processName: `${host}-p${each + 1}`,
        isRaising: false,
      })),
    );
    this.#byName = new Map(this.#rows.map((row) => [row.processName, row]));
  }

  /** The rows are here from now on: fills the tables. What was raised elsewhere and stands there is lost. */
  async moveTo(site: Site): Promise<void> {
    const { database } = site;
    await database.addProcesses(...this.#rows.map(({ processName }) => processName));
    await database.query(
      `UPDATE STATUS_PROCESS AS s JOIN PROCESE AS p USING (process_id)
        SET s.host_id = SUBSTRING_INDEX(p.process_name, '-', 1)`,
    );
    this.#site = site;
    for (const row of this.#rows) delete row.last;
  }

  take(restart: Restart): void {
    const row = this.#byName.get(restart.processName);
    if (row?.last) row.last.restarts.push(restart);
    else this.unasked.push(restart);
  }

  /** Raises alarms at this rate for a time, ms. */
  async raiseFor(ms: number, rate: number): Promise<void> {
    const until = performance.now() + ms;
    const raising: Promise<void>[] = [];
    while (performance.now() < until) {
      const free = this.#rows.filter(isFree);
      const row = free[Math.floor(Math.random() * free.length)];
      if (row) raising.push(this.#raise(row));
      await pause((1000 / rate) * (0.5 + Math.random()));
    }
    await Promise.all(raising);
  }

  async #raise(row: Row): Promise<void> {
    row.isRaising = true;
    const { phase } = this;
    const { host, processName } = row;
    const alarm: RaisedAlarm = { phase, host, processName, raisedAt: Number.POSITIVE_INFINITY, restarts: [] };
    row.last = alarm;
    while (!this.#isEnded) {
      try {
        const { name } = this.#site.database;
        await this.#site.asTool(
          `UPDATE ${name}.STATUS_PROCESS SET alarma = 1, notes = NULL WHERE process_id = ${row.processId}`,
        );
        alarm.raisedAt = performance.now();
        this.raised.push(alarm);
        break;
      } catch {
        await pause(TRY_AGAIN_MS);
      }
    }
    row.isRaising = false;
  }

  /** Notes when each alarm is cleared, until `end`. */
  async watch(): Promise<void> {
    while (!this.#isEnded) {
      // Not to be counted among the bytes of an idle fleet.
      if (!this.#rows.some(isStanding)) {
        await pause(LOOK_EVERY_MS);
        continue;
      }
      const askedAt = performance.now();
      const { database, primary } = this.#site;
      try {
        const rows = await this.#site.on(
          primary,
          `SELECT process_id AS id FROM ${database.name}.STATUS_PROCESS WHERE alarma = 1`,
        );
        const standing = new Set(rows.map(({ id }) => Number(id)));
        for (const { processId, last } of this.#rows) {
          if (last && last.clearedAt === undefined && last.raisedAt < askedAt && !standing.has(processId))
            last.clearedAt = askedAt;
        }
      } catch {
        // Between two primaries.
      }
      await pause(LOOK_EVERY_MS);
    }
  }

  /** Waits until no alarm of the present phase stands, at most this long, ms: one that is lost delays no other phase. */
  async settle(ms: number): Promise<void> {
    const until = performance.now() + ms;
    const stands = ({ phase, clearedAt }: RaisedAlarm): boolean =>
      phase === this.phase && clearedAt === undefined;
    while (performance.now() < until && this.raised.some(stands)) await pause(LOOK_EVERY_MS);
  }

  end(): void {
    this.#isEnded = true;
  }
}

function isFree({ isRaising, last }: Row): boolean {
  if (isRaising) return false;
  return last === undefined || (last.clearedAt !== undefined && performance.now() - last.clearedAt > REST_MS);
}

function isStanding({ last }: Row): boolean {
  return last !== undefined && last.clearedAt === undefined;
}
