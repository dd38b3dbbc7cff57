import { BinlogError } from '../../domain/alarm/binlog-signal.js';
import { DatabaseError, toDatabaseError } from '../connection/database-error.js';

/** Turns any error of a binlog connection into a BinlogError, with its remedy. */
export function toBinlogError(error: unknown): BinlogError {
  if (error instanceof BinlogError) return error;
  const known = error instanceof DatabaseError ? error : toDatabaseError(error);
  return new BinlogError(known.message, {
    ...(known.remedy === undefined ? {} : { remedy: known.remedy }),
    cause: error,
    isConfiguration: !known.retryable,
  });
}
