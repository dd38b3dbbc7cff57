import type { DatabaseConfig } from '../../config/config.js';

/** The servers of `[database] host`, in the order of the list: each as the configuration of one server. */
export function hostsOf(database: DatabaseConfig): readonly DatabaseConfig[] {
  const { otherHosts = [], ...first } = database;
  const { host: _host, port: _port, ...account } = first;
  return [first, ...otherHosts.map((host) => ({ ...account, ...host }))];
}
