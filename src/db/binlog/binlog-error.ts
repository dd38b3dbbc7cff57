import { BinlogError } from '../../domain/alarm/binlog.js';
import { DatabaseError, toDatabaseError } from '../connection/database-error.js';

/** Whatever ended a binlog connection, as the one error that the stream knows; keeps the remedy. */
export function toBinlogError(error: unknown): BinlogError {
  if (error instanceof BinlogError) return error;
  const known = error instanceof DatabaseError ? error : toDatabaseError(error);
  return new BinlogError(known.message, {
    ...(known.remedy === undefined ? {} : { remedy: known.remedy }),
    cause: error,
    isConfiguration: !known.retryable,
  });
}
