import type { Connection } from 'mysql2/promise';
import { query } from './query.js';

/** Version, account and settings of the server; settings that it does not know are absent. */
export interface ServerSettings {
  readonly flavour: 'mariadb' | 'mysql';
  /** As the server reports it, e.g. `10.11.19-MariaDB-log`. */
  readonly version: string;
  /** The account that the server matched: user and host. */
  readonly account: { readonly user: string; readonly host: string };
  /** Global value by name, e.g. `log_bin` → `ON`. */
  readonly global: ReadonlyMap<string, string>;
}

const NAMES = [
  'log_bin',
  'server_id',
  'binlog_format',
  'binlog_row_image',
  'binlog_row_metadata',
  'binlog_row_value_options',
  'binlog_transaction_compression',
  'log_slave_updates',
  'read_only',
  'innodb_read_only',
  'lower_case_table_names',
];

/** Needs no privilege. */
export async function readServerSettings(connection: Connection): Promise<ServerSettings> {
  const [self] = await query<{ version: string; account: string }>(
    connection,
    'SELECT VERSION() AS version, CURRENT_USER() AS account',
    [],
  );
  const variables = await query<{ Variable_name: string; Value: string }>(
    connection,
    `SHOW GLOBAL VARIABLES WHERE Variable_name IN (${NAMES.map((name) => `'${name}'`).join(', ')})`,
    [],
  );
  const { version = '', account = '' } = self ?? {};
  // A user name may hold an @, a host name may not.
  const at = account.lastIndexOf('@');
  return {
    flavour: /mariadb/i.test(version) ? 'mariadb' : 'mysql',
    version,
    account: { user: account.slice(0, at), host: account.slice(at + 1) },
    global: new Map(variables.map(({ Variable_name, Value }) => [Variable_name.toLowerCase(), Value])),
  };
}

/** `user`@`host`, ready to paste into a GRANT. */
export function quoteAccount({ user, host }: ServerSettings['account']): string {
  const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
  return `${quote(user)}@${quote(host)}`;
}

/** True for ON, 1 and every other value that is not off. False if the server does not know the setting. */
export function isOn({ global }: ServerSettings, name: string): boolean {
  const value = global.get(name)?.toUpperCase();
  return value !== undefined && value !== '' && value !== 'OFF' && value !== '0';
}
