import { asyncScheduler, defer, filter, from, type Observable, Subject } from 'rxjs';
import type { DatabaseConfig } from '../../config/config.js';
import { connectStream, type StreamConnectionOptions } from '../../db/binlog/connect-stream.js';
import { heartbeatEvent, readBeat } from '../../db/binlog/relay/heartbeat.js';
import type { Database } from '../../db/connection/database.js';
import type { BinlogSignal } from '../../domain/alarm/binlog-signal.js';
import type { Beat } from '../../domain/alarm/relay-freshness.js';
import { isMove, type ServerChange } from '../../domain/database-server.js';
import { freshStream } from '../../streams/fresh-stream.js';

interface RelayOptions extends Omit<StreamConnectionOptions, 'relay'> {
  readonly host: DatabaseConfig;
  /** Another relay may be tried instead. */
  readonly isList: boolean;
  /** Called with how far it is behind the primary, in ms. */
  readonly onLag: (lagMs: number) => void;
}

/** A relay that is this far behind is a stream that is down (R38), ms. */
const BEHIND_MS = 15_000;
/** The primary counts once a second. */
const MIN_LIMIT_MS = 3000;
const QUESTIONS_PER_LIMIT = 3;

/** A stream from one relay, which is up while it is fresh. */
export function openRelay({ host, isList, onLag, ...common }: RelayOptions): Observable<BinlogSignal> {
  return defer(() => {
    const { database } = common;
    const primaryChanged = otherPrimary(database);
    const limitMs = limitFor(common.binlog.heartbeatMs);
    const beats = new Subject<Beat>();
    let lastBeat: Beat | undefined;
    const stream = connectStream({
      ...common,
      relay: {
        ...{ config: host, isList, namesDoubted: primaryChanged },
        lastBeat: () => lastBeat,
        onBeat: (beat) => {
          lastBeat = beat;
          beats.next(beat);
        },
      },
    });
    return freshStream({
      ...{ stream, beats, primaryChanged, limitMs, onLag },
      askPrimary: () => from(database.use((connection) => readBeat(connection))),
      event: heartbeatEvent(common.config.database),
      everyMs: limitMs / QUESTIONS_PER_LIMIT,
      scheduler: asyncScheduler,
      now: () => performance.now(),
      random: Math.random,
    });
  });
}

/** Emits when the statements go to another primary from now on. */
export function otherPrimary({ changes }: Pick<Database, 'changes'>): Observable<ServerChange> {
  return changes.pipe(filter(isMove));
}

/** Three heartbeats, as for a server that is silent. */
function limitFor(heartbeatMs: number): number {
  return Math.min(BEHIND_MS, Math.max(MIN_LIMIT_MS, heartbeatMs * QUESTIONS_PER_LIMIT));
}
