/**
 * Describes what hides a row from us, if this error of zongji says that an event could not be decoded. zongji
 * continues after such an event, which must have changed no more than the table that it names. Undefined for every
 * other error, after which the stream cannot be trusted.
 */
export function describeUndecodable(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { message } = error;
  if (/ schema changed between binlog event and metadata fetch/.test(message)) return OTHER_COLUMNS;
  const [, type, column] = /^Unsupported type "(\d+)" on column "([^"]*)"/.exec(message) ?? [];
  if (column !== undefined) return `column ${column} has a type that is not known here (${type})`;
  // zongji read past the end of the event. Errors of Node and of the connection have other classes.
  return error instanceof RangeError || error instanceof TypeError
    ? 'its rows are not as expected'
    : undefined;
}

/**
 * Whether it is the warning of zongji about events that it cannot read, once per connection. The service handles
 * these events: `partialupdaterows` and `transactionpayload`.
 */
export function isWarningOfEvents(error: unknown): boolean {
  return error instanceof Error && /^Server sent a [A-Z_]+_EVENT /.test(error.message);
}

/** A session, or the whole server, does not write whole rows of a table with a JSON column. */
export const PARTIAL_JSON =
  "binlog_row_value_options = PARTIAL_JSON: type SET GLOBAL binlog_row_value_options = '', and look at the session that writes";

const OTHER_COLUMNS = 'the binlog has more columns of it than the account can see';
