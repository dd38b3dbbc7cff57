import { filter, map, merge, type Observable } from 'rxjs';
import { BinlogError, type BinlogSignal } from '../../domain/alarm/binlog-signal.js';
import { isMove, type ServerChange } from '../../domain/database-server.js';

/** Errors when the statements go to another server from now on: its stream is the one that counts (R37). */
export function endStreamWithServer(
  stream: Observable<BinlogSignal>,
  changes: Observable<ServerChange>,
): Observable<BinlogSignal> {
  const left = changes.pipe(
    filter(isMove),
    map(({ now }): never => {
      throw new BinlogError(`the service is now at ${now.place}`, { retryAtOnce: true });
    }),
  );
  return merge(left, stream);
}
