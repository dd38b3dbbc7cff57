import { QUORUM_REMEDY, READ_ONLY_REMEDY } from '../../domain/server-remedies.js';
import type { ErrorExplanation, RawError } from './database-error.js';

const BUSY = 'nothing to do if it passes; else look at the load of the database server';
const CREDENTIALS = 'check user and password in [database], and sql/grants.sql';
const TABLES = 'run sql/setup.sql, and check database in [database]';
const GRANTS = 'run sql/grants.sql for this user';
/** MariaDB tells a user who may not see a database the same as one for whom there is none. */
const NO_ACCESS =
  'run sql/grants.sql for this user, after sql/setup.sql if the database is missing; check database in [database]';
const OFFLINE =
  'if its replication group has expelled it, join it again; name the other members in [database] host as well';

/**
 * Errors of the server, by number: unlike the names, the numbers are the same on MySQL and MariaDB and in every
 * version.
 */
const MEANINGS: Readonly<Record<number, ErrorExplanation>> = {
  1040: lasting(
    'the database has too many connections',
    'raise max_connections, or close idle connections',
    true,
  ),
  1044: lasting('the user has no access to this database, or there is none', NO_ACCESS),
  1045: lasting('the database rejects this user or password', CREDENTIALS),
  1047: lasting(
    'a Galera node without quorum, or one that is told to reject queries, answers no statement on tables',
    QUORUM_REMEDY,
    true,
  ),
  1049: lasting('this database does not exist', TABLES),
  1053: passing('the database is shutting down', 'start it again if it is not being restarted'),
  1054: lasting('a column is missing', 'compare the table with sql/setup.sql'),
  1129: lasting('the database has blocked this host', 'clear its host cache with mysqladmin flush-hosts'),
  1130: lasting(
    'the database accepts no connections from this host',
    'create a user for this host, see sql/grants.sql',
  ),
  1142: lasting('the user may not do this with the table', GRANTS),
  1143: lasting('the user may not do this with the column', GRANTS),
  1146: lasting('a table is missing', TABLES),
  1203: lasting(
    'the user has too many connections',
    'raise max_user_connections, or close idle connections',
    true,
  ),
  1205: passing(
    'a row stayed locked for too long',
    'find the session that holds the lock: SHOW ENGINE INNODB STATUS',
  ),
  1213: passing('the statement was rolled back by a deadlock'),
  1226: lasting('the user has used up a resource limit', 'raise the limit with ALTER USER', true),
  1227: lasting('the user lacks a privilege', GRANTS),
  1236: passing(
    'the database cannot send its binlog from this position',
    'the table is read instead; if this comes again, another replica uses our server_id: set server_id = auto under [binlog]',
  ),
  1290: lasting('an option of the database server forbids this', READ_ONLY_REMEDY, true),
  1317: passing('the statement was interrupted'),
  1698: lasting('the database rejects this user', 'give the user a password, see sql/grants.sql'),
  1792: lasting('the transaction is read-only', READ_ONLY_REMEDY, true),
  1820: lasting('the password must be changed first', 'set a new one with ALTER USER'),
  1836: lasting('the database is read-only', READ_ONLY_REMEDY, true),
  1862: lasting('the password has expired', 'set a new one with ALTER USER'),
  1927: passing('the database ended our connection'),
  1969: passing('the statement took too long'),
  3024: passing('the statement took too long'),
  3032: lasting('the database is in offline mode and takes no connections', OFFLINE, true),
  3118: lasting('the account is locked', 'type ALTER USER … ACCOUNT UNLOCK'),
  3159: lasting('the database requires TLS', 'set ssl_mode = required in [database]'),
  4031: passing('the database closed an idle connection'),
  4052: passing('another replica uses our server_id', 'set another server_id in [binlog]'),
  4151: lasting('the account is locked', 'type ALTER USER … ACCOUNT UNLOCK'),
};

/** For a server that does not resolve names, an account at `localhost` matches only connections through the socket. */
const UNRESOLVED = lasting(
  'the database rejects this user or password',
  `${CREDENTIALS}; if the server has skip_name_resolve, set socket in [database]`,
);

const CHECKSUM_ON = passing(
  'binlog_checksum was switched on while the binlog was read',
  'nothing to do: the next connection reads with checksums',
);

/** The meaning of an error of the server; nothing if the error is rare or not from the server. */
export function explainServerError({
  code,
  errno,
  sqlState,
  message,
}: RawError): ErrorExplanation | undefined {
  // Node numbers its own errors too. Errors of a server have an SQLSTATE, except those sent instead of a greeting.
  if (errno === undefined || (sqlState === undefined && !code.startsWith('ER_'))) return undefined;
  if (errno === 1045 && /@'(127\.|::1)/.test(message)) return UNRESOLVED;
  if (errno === 1236 && /server_?(uu)?id/i.test(message)) return MEANINGS[4052];
  if (errno === 1236 && /checksum/i.test(message)) return CHECKSUM_ON;
  return MEANINGS[errno];
}

/** Read-only in three ways, and a Galera node without quorum. */
const NOT_HERE: ReadonlySet<unknown> = new Set([1290, 1792, 1836, 1047]);

/** Whether the server has said that what was asked of it belongs to another server (R37). */
export function saysNotHere(error: unknown): boolean {
  return error instanceof Error && NOT_HERE.has(Reflect.get(error, 'errno'));
}

function passing(what: string, remedy = BUSY): ErrorExplanation {
  return { what, retryable: true, remedy };
}

function lasting(what: string, remedy: string, retryable = false): ErrorExplanation {
  return { what, retryable, remedy };
}
