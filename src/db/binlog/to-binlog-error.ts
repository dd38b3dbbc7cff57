import { BinlogError } from '../../domain/alarm/binlog-signal.js';
import { DatabaseError, toDatabaseError } from '../connection/database-error.js';

/** Turns any error of a binlog connection into a BinlogError, with its remedy. */
export function toBinlogError(error: unknown): BinlogError {
  if (error instanceof BinlogError) return error;
  // zongji takes the last four bytes of each event for a checksum; a new binlog file begins with such an event.
  if (error instanceof Error && /^Truncated (PreviousGtids|MariadbGtidList) event/.test(error.message)) {
    return new BinlogError('binlog_checksum was switched off while the binlog was read', { cause: error });
  }
  const known = error instanceof DatabaseError ? error : toDatabaseError(error);
  return new BinlogError(known.message, {
    ...(known.remedy === undefined ? {} : { remedy: known.remedy }),
    cause: error,
    isConfiguration: !known.retryable,
  });
}
