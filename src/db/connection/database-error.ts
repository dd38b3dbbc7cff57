import { MonitorError } from '../../domain/errors.js';
import { explainConnectionError } from './connection-errors.js';
import { explainServerError } from './server-errors.js';

interface DatabaseErrorOptions {
  /** The code of mysql2 or Node, e.g. `ECONNREFUSED`; absent for a problem that we found ourselves. */
  readonly code?: string;
  readonly retryable: boolean;
  /** The error number of the server; absent if the error is not the server's. */
  readonly errno?: number;
  readonly remedy?: string;
  readonly cause?: unknown;
}

/** A statement or a connection failed. The message never holds the password (R24). */
export class DatabaseError extends MonitorError {
  readonly code: string | undefined;
  readonly retryable: boolean;
  readonly errno: number | undefined;

  constructor(message: string, { code, retryable, errno, ...options }: DatabaseErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryable = retryable;
    this.errno = errno;
  }
}

/** The service ends, or a reload has replaced these connections by others. */
export function closedError(): DatabaseError {
  return new DatabaseError('the connections to the database are closed', { retryable: true });
}

/** The meaning of an error for the administrator; see the two tables of meanings. */
export interface ErrorExplanation {
  readonly what: string;
  readonly retryable: boolean;
  readonly remedy?: string;
}

/** The shape of the errors of mysql2 and Node; every part may be absent. */
export interface RawError {
  readonly code: string;
  readonly errno: number | undefined;
  readonly sqlState: string | undefined;
  readonly message: string;
  readonly fatal: boolean;
}

/**
 * Says what went wrong in a query or a connection, whether another try can help, and what to do next. Returns a
 * DatabaseError unchanged.
 */
export function toDatabaseError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const raw = readError(error);
  const { what, retryable, remedy } =
    explainServerError(raw) ?? explainConnectionError(raw) ?? unknownError(raw);
  return new DatabaseError(raw.message === '' ? what : `${what}: ${raw.message}`, {
    code: raw.code,
    retryable,
    ...(raw.sqlState !== undefined && raw.errno !== undefined && { errno: raw.errno }),
    ...(remedy !== undefined && { remedy }),
    cause: error,
  });
}

/** After a broken connection the next one may work; a rejected statement will be rejected again. */
function unknownError(raw: RawError): ErrorExplanation {
  const lasting = raw.sqlState !== undefined && !/^(08|40)/.test(raw.sqlState);
  return { what: 'the database failed', retryable: raw.fatal || !lasting };
}

function readError(error: unknown): RawError {
  if (!(error instanceof Error)) {
    return { code: 'UNKNOWN', errno: undefined, sqlState: undefined, message: String(error), fatal: false };
  }
  const text = (key: string): string | undefined => {
    const value: unknown = Reflect.get(error, key);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const errno: unknown = Reflect.get(error, 'errno');
  return {
    code: text('code') ?? 'UNKNOWN',
    errno: typeof errno === 'number' ? errno : undefined,
    sqlState: text('sqlState'),
    message: text('sqlMessage') ?? (error.message || firstOfMany(error)),
    fatal: Reflect.get(error, 'fatal') === true,
  };
}

/** If a name has several addresses, Node throws one error without a message around those of the addresses. */
function firstOfMany(error: Error): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return first instanceof Error ? first.message : '';
}
