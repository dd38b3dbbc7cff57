import { defer, map, merge, type Observable } from 'rxjs';
import type { Config } from '../../config/config.js';
import type { StreamConnectionOptions } from '../../db/binlog/connect-stream.js';
import { toBinlogError } from '../../db/binlog/to-binlog-error.js';
import { relaysOf } from '../../db/connection/hosts-of.js';
import { describeServer } from '../../db/connection/local-socket.js';
import { BinlogError, type BinlogSignal } from '../../domain/alarm/binlog-signal.js';
import { RelaysInOrder } from '../../streams/relays-in-order.js';
import { openRelay, otherPrimary } from './open-relay.js';
import type { StreamState } from './stream-state.js';

/** What every stream of this configuration has in common. */
type CommonOptions = Omit<StreamConnectionOptions, 'relay' | 'onServer' | 'onActivity'>;

/**
 * Opens streams from the relays of `[binlog] host`: each connection from the first that is fresh. When the statements go to
 * another primary the stream goes on, but what it has shown may be missing there: the table is read.
 */
export function relayStreams(
  config: Config,
  common: CommonOptions,
  stream: Pick<StreamState, 'onServer' | 'onActivity' | 'onRelay' | 'onRelaySkipped'>,
): () => Observable<BinlogSignal> {
  const relays = relaysOf(config.database, config.binlog);
  const places = relays.map(describeServer);
  const inOrder = new RelaysInOrder({
    places,
    connect: (index) =>
      defer(() => {
        const host = relays[index];
        if (!host) throw new Error(`there is no relay ${index}`);
        return openRelay({
          ...common,
          ...{ host, isList: relays.length > 1 },
          onServer: (settings, diagnoses) => stream.onServer(config.database, settings, diagnoses, host),
          // The age of an event would compare the clocks of two hosts.
          onActivity: () => stream.onActivity(),
          onLag: (lagMs) => stream.onRelay(describeServer(host), lagMs),
        });
      }),
    toBinlogError: (error) => ofRelay(toBinlogError(error)),
    onSkipped: (place, error) => stream.onRelaySkipped(place, error),
  });
  const hidden = otherPrimary(common.database).pipe(
    map((): BinlogSignal => ({ kind: 'hidden', namesTable: true })),
  );
  return () => merge(inOrder.connect(), hidden);
}

/** The remedy for a server that is not reached names the keys of the primary. */
function ofRelay(error: BinlogError): BinlogError {
  const { message, remedy, cause, retryAtOnce, isConfiguration, isOfPrimary } = error;
  if (isOfPrimary || remedy === undefined) return error;
  return new BinlogError(message, {
    ...{ cause, retryAtOnce, isConfiguration },
    remedy: remedy.replace('host, port and socket in [database]', 'host and port in [binlog]'),
  });
}
