import type { Connection } from 'mysql2/promise';
import { defer, from, type Observable, switchMap } from 'rxjs';
import type { BinlogConfig, DatabaseConfig } from '../../config/config.js';
import { BinlogError, type BinlogSignal } from '../../domain/alarm/binlog-signal.js';
import type { Beat } from '../../domain/alarm/relay-freshness.js';
import { connectionOptions } from '../connection/connection-options.js';
import type { Database } from '../connection/database.js';
import { toDatabaseError } from '../connection/database-error.js';
import { readServerSettings, type ServerSettings } from '../connection/server-settings.js';
import { diagnoseBinlog, streamBlockers } from '../preflight/diagnose-binlog.js';
import type { Diagnosis } from '../preflight/diagnosis.js';
import { inspectRowImages } from '../preflight/inspect-row-images.js';
import type { AlarmTable } from '../tables/alarm-table.js';
import type { TableLayout } from '../tables/table-layout.js';
import { openBinlog } from './open-binlog.js';
import { findHeartbeatTable } from './relay/heartbeat.js';
import { namesOfPrimary } from './relay/names-of-primary.js';
import { useRelay } from './relay/use-relay.js';

export interface StreamConnectionOptions {
  readonly config: DatabaseConfig;
  readonly binlog: BinlogConfig;
  readonly database: Database;
  readonly table: AlarmTable;
  readonly hostId: string | undefined;
  readonly serverId: () => number;
  /** How often the names of all processes are read, in ms. */
  readonly namesEveryMs: () => number;
  /** Called with the diagnoses of the server, before the connection is made. */
  readonly onServer: (settings: ServerSettings, diagnoses: readonly Diagnosis[]) => void;
  /** See `openBinlog`. */
  readonly onActivity: (lagMs?: number) => void;
  /** The binlog is read there; absent: where the statements go. */
  readonly relay?: Relay;
}

/** A server of `[binlog] host`. */
interface Relay {
  readonly config: DatabaseConfig;
  /** Another one may be tried instead. */
  readonly isList: boolean;
  /** Called with each beat of the primary that its stream shows (R38). */
  readonly onBeat: (beat: Beat) => void;
  /** The last one; undefined before it. */
  readonly lastBeat: () => Beat | undefined;
  /** See `openBinlog`. */
  readonly namesDoubted: Observable<unknown>;
}

/**
 * One connection to the binlog. First asks the server whether it can stream, and for the present layout of our table,
 * so that a missing setting or GRANT is named and not guessed from an error number (R6).
 */
export function connectStream(options: StreamConnectionOptions): Observable<BinlogSignal> {
  const { database, binlog, table, hostId, serverId, relay } = options;
  return defer(() => from(prepare(options))).pipe(
    switchMap(({ layout, versioned, heartbeatTable }) => {
      const common = {
        ...{ serverId: serverId(), heartbeatMs: binlog.heartbeatMs, layout, hostId, versioned },
        parseOwnStatement: table.parseOwnStatement,
        onActivity: options.onActivity,
      };
      if (!relay || heartbeatTable === undefined)
        return openBinlog({
          ...common,
          connection: connectionOptions(database.host),
          instance: database.server?.instance,
          onOtherServer: () => database.reconsider(),
          names: { everyMs: options.namesEveryMs },
        });
      return openBinlog({
        ...common,
        connection: connectionOptions(relay.config, relay),
        names: {
          everyMs: options.namesEveryMs,
          source: namesOfPrimary(database, relay.lastBeat),
          doubted: relay.namesDoubted,
        },
        heartbeat: { table: heartbeatTable, onBeat: relay.onBeat },
      });
    }),
  );
}

interface Prepared {
  readonly layout: TableLayout;
  readonly versioned: ReadonlySet<string>;
  /** Of a relay. */
  readonly heartbeatTable?: string;
}

async function prepare(options: StreamConnectionOptions): Promise<Prepared> {
  const { database, relay } = options;
  if (!relay) return inspect(options, (work) => database.use(work));
  return useRelay(relay, (use) => inspect(options, use));
}

/** Asks the server of the stream. */
async function inspect(
  { config, table, onServer, relay }: StreamConnectionOptions,
  use: <T>(work: (connection: Connection) => Promise<T>) => Promise<T>,
): Promise<Prepared> {
  const { settings, diagnoses } = await use(async (connection) => ({
    settings: await readServerSettings(connection),
    diagnoses: await diagnoseBinlog(connection, config.database, { isRelay: relay !== undefined }),
  }));
  onServer(settings, diagnoses);
  const reason = streamBlockers(diagnoses);
  // Outside `use`, which treats every error as a failure of the database.
  if (reason !== undefined) throw new BinlogError(reason, { isConfiguration: true });
  const layout = await table.readLayout().catch(toTableError);
  const images = await use((connection) => inspectRowImages(connection, layout));
  onServer(settings, [...diagnoses, ...images.diagnoses]);
  const heartbeatTable = relay && (await use((connection) => findHeartbeatTable(connection, layout.schema)));
  return { layout, versioned: images.versioned, ...(heartbeatTable !== undefined && { heartbeatTable }) };
}

/** A table may be missing only for a moment, while it is created again: the server's configuration is not at fault (R6). */
function toTableError(error: unknown): never {
  const { message, remedy } = toDatabaseError(error);
  throw new BinlogError(message, {
    ...(remedy === undefined ? {} : { remedy }),
    cause: error,
    // The layout is that of the primary.
    isOfPrimary: true,
  });
}
