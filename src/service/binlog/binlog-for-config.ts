import { randomInt } from 'node:crypto';
import { asyncScheduler, merge, NEVER, type Observable, tap } from 'rxjs';
import type { Config } from '../../config/config.js';
import { connectStream } from '../../db/binlog/connect-stream.js';
import { toBinlogError } from '../../db/binlog/to-binlog-error.js';
import type { BinlogSignal, StreamSignal } from '../../domain/alarm/binlog-signal.js';
import { DATABASE_BACKOFF, RELAY_BACKOFF } from '../../domain/backoff.js';
import { binlogStream } from '../../streams/binlog-stream.js';
import type { DataSource } from '../table/live-database.js';
import { endStreamWithServer } from './end-stream-with-server.js';
import { relayStreams } from './relay-streams.js';
import type { StreamState } from './stream-state.js';

/** Longest delay before the next try if the configuration of the server prevents streaming (R6), in ms. */
const CONFIGURATION_RETRY_MS = 60_000;

/** The binlog signals of one configuration, across all its connections. Never emits if the binlog is disabled. */
export function binlogForConfig(
  config: Config,
  source: DataSource,
  stream: Pick<StreamState, 'onServer' | 'onActivity' | 'onRelay' | 'onRelaySkipped'>,
  readableAgain: Observable<void>,
  namesEveryMs: () => number,
): Observable<StreamSignal> {
  if (!config.binlog.enabled) return NEVER;
  const serverId = new ServerId(config.binlog.serverId);
  const { database, table } = source;
  const common = {
    ...{ config: config.database, binlog: config.binlog, database, table },
    hostId: config.monitor.hostId,
    serverId: () => serverId.value,
    namesEveryMs,
  };
  const ofPrimary = (): Observable<BinlogSignal> =>
    endStreamWithServer(
      connectStream({
        ...common,
        onServer: (settings, diagnoses) =>
          stream.onServer(config.database, settings, diagnoses, database.host),
        onActivity: (lagMs) => stream.onActivity(lagMs),
      }),
      database.changes,
    );
  return binlogStream({
    connect: config.binlog.relays ? relayStreams(config, common, stream) : ofPrimary,
    backoff: config.binlog.relays ? RELAY_BACKOFF : DATABASE_BACKOFF,
    toBinlogError,
    configurationRetryMs: Math.min(config.monitor.checkIntervalMs, CONFIGURATION_RETRY_MS),
    retryNow: merge(readableAgain, database.changes),
    scheduler: asyncScheduler,
    random: Math.random,
  }).pipe(
    tap((signal) => {
      if (signal.kind === 'lost') serverId.onError(signal.error.message);
    }),
  );
}

/**
 * The server id under which we read the binlog. It stays the same over reconnects, so that MySQL ends a dump thread
 * of ours that it still believes alive. It changes when another replica turns out to use it.
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

// From the upper half of the range: ids that people assign are low numbers.
function draw(): number {
  return randomInt(2 ** 31, 2 ** 32);
}
