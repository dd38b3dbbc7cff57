import { randomInt } from 'node:crypto';
import { asyncScheduler, NEVER, type Observable, tap } from 'rxjs';
import type { Config } from '../../config/config.js';
import { toBinlogError } from '../../db/binlog/binlog-error.js';
import { connectStream } from '../../db/binlog/connect-stream.js';
import type { StreamSignal } from '../../domain/alarm/binlog.js';
import { binlogStream } from '../../streams/binlog-stream.js';
import type { DataSource } from '../table/live-database.js';
import type { StreamState } from './stream-state.js';

/** Longest time between two tries where the server's configuration keeps us from its binlog (R6), ms. */
const CONFIGURATION_RETRY_MS = 60_000;

/** The binlog of one configuration, over all its connections; silent where it is not enabled. */
export function binlogForConfig(
  config: Config,
  source: DataSource,
  stream: Pick<StreamState, 'onServer' | 'onActivity'>,
): Observable<StreamSignal> {
  if (!config.binlog.enabled) return NEVER;
  const serverId = new ServerId(config.binlog.serverId);
  return binlogStream({
    connect: () =>
      connectStream({
        config: config.database,
        binlog: config.binlog,
        database: source.database,
        table: source.table,
        hostId: config.monitor.hostId,
        serverId: () => serverId.value,
        onServer: (settings, diagnoses) => stream.onServer(config.database, settings, diagnoses),
        onActivity: (lagMs) => stream.onActivity(lagMs),
      }),
    toBinlogError,
    configurationRetryMs: Math.min(config.monitor.checkIntervalMs, CONFIGURATION_RETRY_MS),
    scheduler: asyncScheduler,
    random: Math.random,
  }).pipe(
    tap((signal) => {
      if (signal.kind === 'lost') serverId.onError(signal.error.message);
    }),
  );
}

/**
 * The number under which we read the binlog. It stays the same over reconnects, so that MySQL ends a dump thread of
 * ours that it still believes alive; it changes when another replica turns out to have it.
 */
class ServerId {
  #value: number;

  constructor(private readonly configured: number | 'auto') {
    this.#value = configured === 'auto' ? draw() : configured;
  }

  get value(): number {
    return this.#value;
  }

  onError(message: string): void {
    if (this.configured === 'auto' && /server_?(id|uuid)/i.test(message)) this.#value = draw();
  }
}

// The upper half: whoever numbers servers by hand begins with 1.
function draw(): number {
  return randomInt(2 ** 31, 2 ** 32);
}
