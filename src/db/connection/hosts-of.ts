import type { BinlogConfig, DatabaseConfig } from '../../config/config.js';

/** The servers of `[database] host`, in the order of the list: each as the configuration of one server. */
export function hostsOf(database: DatabaseConfig): readonly DatabaseConfig[] {
  const { otherHosts = [], ...first } = database;
  const { host: _host, port: _port, ...account } = first;
  return [first, ...otherHosts.map((host) => ({ ...account, ...host }))];
}

/**
 * The servers of `[binlog] host`, each as the configuration of one server, with account and TLS of `[database]`. Empty: the
 * binlog is read from the server of the statements.
 */
export function relaysOf(database: DatabaseConfig, { relays = [] }: BinlogConfig): readonly DatabaseConfig[] {
  const { host: _host, port: _port, socket: _socket, otherHosts: _others, ...account } = database;
  return relays.map((relay) => ({ ...account, ...relay }));
}
