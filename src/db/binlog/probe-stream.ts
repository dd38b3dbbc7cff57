import { randomInt } from 'node:crypto';
import { filter, firstValueFrom, map, timeout } from 'rxjs';
import type { BinlogConfig, DatabaseConfig } from '../../config/config.js';
import { BinlogError } from '../../domain/alarm/binlog-signal.js';
import { connectionOptions } from '../connection/connection-options.js';
import type { TableLayout } from '../tables/table-layout.js';
import { openBinlog } from './open-binlog.js';

const PROBE_TIMEOUT_MS = 15_000;

/**
 * Opens a binlog connection as the service does, waits until the server begins to send, and closes it. Uses a random
 * server_id, not `[binlog] server_id`, which would end the stream of a running service.
 *
 * @throws BinlogError if the server sends nothing.
 */
export async function probeStream(
  config: DatabaseConfig,
  { heartbeatMs }: BinlogConfig,
  layout: TableLayout,
): Promise<void> {
  const stream = openBinlog({
    connection: connectionOptions(config),
    serverId: randomInt(2 ** 31, 2 ** 32),
    heartbeatMs,
    layout,
    hostId: undefined,
    versioned: new Set(),
    parseOwnStatement: () => undefined,
    onActivity: () => {},
  });
  await firstValueFrom(
    stream.pipe(
      filter(({ kind }) => kind === 'streaming'),
      map(() => undefined),
      timeout({
        each: PROBE_TIMEOUT_MS,
        with: () => {
          throw new BinlogError(
            `the server did not begin to send its binlog within ${PROBE_TIMEOUT_MS / 1000} s`,
          );
        },
      }),
    ),
  );
}
