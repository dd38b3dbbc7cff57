import type { Connection } from 'mysql2/promise';
import { toDatabaseError } from './database-error.js';
import { query } from './query.js';

/** What a server says about itself when it is asked (R37); see DatabaseServer. */
export interface ServerAnswer {
  readonly identity: string;
  /** Host name, port and server_id: what every flavour and version tells. */
  readonly instance: string;
  readonly serverId: number;
  readonly hostname: string;
  readonly isReadOnly: boolean;
  /**
   * False for a Galera node that is cut off from its cluster, not ready, or told to reject queries: it refuses every statement
   * on tables.
   */
  readonly hasQuorum: boolean;
  /** The id that the server itself has for this connection. */
  readonly connectionId: number;
}

/**
 * Asks the server who it is and whether it may write: one round trip. Needs no privilege. Throws what the driver
 * throws.
 */
export async function askServer(connection: Connection): Promise<ServerAnswer> {
  for (const [columns, isLast] of questionsFor(connection)) {
    try {
      const [row] = await query<AnswerRow>(connection, `SELECT ${columns.join(', ')}`, []);
      return readAnswer(row ?? {});
    } catch (error) {
      const { errno } = toDatabaseError(error);
      if (errno === NOT_READY) {
        return { ...(await askWhichServer(connection)), hasQuorum: false };
      }
      if (isLast || errno === undefined || !IS_LACKING.has(errno)) throw error;
    }
  }
  throw new Error('there is no question left');
}

/** The same of every flavour and version at once; what only one of them tells is not asked. */
export async function askWhichServer(connection: Connection): Promise<ServerAnswer> {
  const [row] = await query<AnswerRow>(connection, `SELECT ${COMMON.join(', ')}`, []);
  return readAnswer(row ?? {});
}

/** Of a Galera node without quorum, for a statement that reads a table. */
const NOT_READY = 1047;
/** No such variable, table or column, or no access to it: the question of another flavour or version. */
const IS_LACKING: ReadonlySet<number> = new Set([1044, 1054, 1064, 1109, 1142, 1146, 1193, 1238]);

const COMMON = [
  'CONNECTION_ID() AS connectionId',
  '@@global.server_id AS serverId',
  '@@hostname AS hostname',
  '@@port AS port',
  '@@global.read_only AS readOnly',
  '@@global.innodb_read_only AS innodbReadOnly',
];

/** The value is looked up only on a node of a cluster: to collect the status of a server is work for it. */
const readyWhere = (isNode: string, statusTable: string): string =>
  `IF(${isNode}, (SELECT VARIABLE_VALUE FROM ${statusTable} WHERE VARIABLE_NAME = 'wsrep_ready'), NULL) AS wsrepReady`;

const OF_MARIADB = [
  ...COMMON,
  readyWhere('@@global.wsrep_on', 'information_schema.GLOBAL_STATUS'),
  // An administrator takes a node out of use by it. The node stays ready, and answers 1047.
  '@@global.wsrep_reject_queries AS rejects',
];
const UUID = '@@global.server_uuid AS uuid';
const OF_MYSQL = [
  ...COMMON,
  UUID,
  readyWhere("LOWER(@@version_comment) LIKE '%wsrep%'", 'performance_schema.global_status'),
];

type Question = readonly [columns: readonly string[], isLast: boolean];

function questionsFor(connection: Connection): readonly Question[] {
  return isMariadb(connection)
    ? [
        [OF_MARIADB, false],
        [COMMON, true],
      ]
    : [
        [OF_MYSQL, false],
        [[...COMMON, UUID], false],
        [COMMON, true],
      ];
}

/** The greeting tells the version. mysql2 does not show it in its types. */
function isMariadb(connection: Connection): boolean {
  const base: unknown = Reflect.get(connection, 'connection') ?? connection;
  const greeting: unknown =
    typeof base === 'object' && base !== null && Reflect.get(base, '_handshakePacket');
  const version: unknown =
    typeof greeting === 'object' && greeting !== null && Reflect.get(greeting, 'serverVersion');
  return typeof version === 'string' && /mariadb/i.test(version);
}

interface AnswerRow {
  readonly connectionId?: unknown;
  readonly serverId?: unknown;
  readonly hostname?: unknown;
  readonly port?: unknown;
  readonly readOnly?: unknown;
  readonly innodbReadOnly?: unknown;
  readonly uuid?: unknown;
  readonly wsrepReady?: unknown;
  readonly rejects?: unknown;
}

function readAnswer(row: AnswerRow): ServerAnswer {
  const hostname = String(row.hostname ?? '');
  const serverId = Number(row.serverId ?? 0);
  const instance = `${hostname}:${row.port}:${serverId}`;
  return {
    identity: row.uuid ? String(row.uuid) : instance,
    instance,
    serverId,
    hostname,
    isReadOnly: isOn(row.readOnly) || isOn(row.innodbReadOnly),
    hasQuorum:
      (row.wsrepReady === undefined || row.wsrepReady === null || isOn(row.wsrepReady)) &&
      ['', 'NONE'].includes(String(row.rejects ?? '')),
    connectionId: Number(row.connectionId ?? 0),
  };
}

/** Newer versions have several kinds of ON. */
function isOn(value: unknown): boolean {
  return !['', '0', 'OFF'].includes(String(value ?? '').toUpperCase());
}
