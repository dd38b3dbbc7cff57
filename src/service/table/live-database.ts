import { readFileSync } from 'node:fs';
import { type Observable, Subject, skip } from 'rxjs';
import type { Config, DatabaseConfig } from '../../config/config.js';
import { type Database, openDatabase } from '../../db/connection/database.js';
import { type AlarmTable, openAlarmTable } from '../../db/tables/alarm-table.js';
import { batchLookUps } from '../../db/tables/batch-look-ups.js';
import type { HostRows } from '../../db/tables/host-rows.js';
import type { KnownProcess } from '../../domain/alarm/table-rows.js';
import type { DatabaseServer, ServerChange } from '../../domain/database-server.js';
import type { LiveConfig } from '../shared/live-config.js';

/** The database as one configuration describes it. */
export interface DataSource {
  readonly database: Database;
  readonly table: AlarmTable;
  readonly readName: (processId: number) => Promise<KnownProcess | undefined>;
  /** True if its alarm is raised, else undefined. */
  readonly findRaised: (processId: number) => Promise<true | undefined>;
}

/** `was`: the server before it. `since`, ms since the epoch: when this one was found. */
interface ServerFacts {
  readonly server: DatabaseServer;
  readonly since: number;
  readonly was?: DatabaseServer;
}

/**
 * The database of the current configuration. A reload that changes its settings opens a new one and closes the old
 * one.
 */
export class LiveDatabase {
  readonly #serverChanges = new Subject<ServerChange>();
  #current: DataSource;
  #facts: ServerFacts | undefined;

  constructor(private readonly settings: LiveConfig) {
    this.#current = this.#open(dataSettings(settings.current));
    settings
      .changes(dataSettings)
      .pipe(skip(1))
      .subscribe((next) => {
        const before = this.#current;
        try {
          this.#current = this.#open(next);
        } catch {
          // ssl_ca is being replaced in this moment: the connections that there are stay until the next reload (R13).
          return;
        }
        void before.database.close();
      });
  }

  /** Do not keep the result: a reload may replace it. */
  get current(): DataSource {
    return this.#current;
  }

  /** The server that is used, or was last; undefined before the first one has answered. */
  get facts(): ServerFacts | undefined {
    return this.#facts;
  }

  /** Another server is used from now on, or the server may write now or no longer (R37). Also across reloads. */
  get serverChanges(): Observable<ServerChange> {
    return this.#serverChanges;
  }

  /** Closes the connections of the current database. Never rejects. */
  close(): Promise<void> {
    return this.#current.database.close();
  }

  #open({ database: config, hostId, isEveryHost }: DataSettings): DataSource {
    const database = openDatabase(config, {
      heartbeatMs: () => this.settings.current.binlog.heartbeatMs,
      takesAny: () => this.settings.current.monitor.acknowledge === 'none',
    });
    database.changes.subscribe((change) => this.#take(change));
    const table = openAlarmTable(database, { hostId, isEveryHost });
    return {
      ...{ database, table },
      readName: batchLookUps(table.readNames),
      findRaised: batchLookUps(table.readRaised),
    };
  }

  #take({ now, wasHeardAt }: ServerChange): void {
    const before = this.#facts;
    const isOther = before?.server.identity !== now.identity;
    const was = isOther ? before?.server : before?.was;
    this.#facts = {
      server: now,
      since: isOther ? Date.now() : before.since,
      ...(was && { was }),
    };
    // A reload opens new connections to the server there is.
    if (!isOther && before.server.mayWrite === now.mayWrite) return;
    this.#serverChanges.next({
      ...{ now, isOther },
      ...(before && { was: before.server }),
      ...(wasHeardAt !== undefined && { wasHeardAt }),
    });
  }
}

/** The settings that need a new database connection when they change. */
export function dataSettings({ database, monitor }: Config): DataSettings {
  const { hostId, isEveryHost } = monitor;
  return { database, hostId, isEveryHost, certificates: readCertificates(database.sslCa) };
}

function readCertificates(path: string | undefined): string | undefined {
  try {
    return path === undefined ? undefined : readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

interface DataSettings extends HostRows {
  readonly database: DatabaseConfig;
  /** What is in `ssl_ca`: the file may be replaced under the same path. */
  readonly certificates: string | undefined;
}
