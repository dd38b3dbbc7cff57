import type { PrivateServerOptions } from '../private-server.js';
import { serverFlavours } from '../server-programs.js';

export interface ServerKind {
  readonly name: string;
  readonly options: PrivateServerOptions;
  /** Whether the binlog shows the rows of every change. */
  readonly showsRows: boolean;
}

const KINDS: readonly ServerKind[] = [
  { name: 'MariaDB ROW', options: { flavour: 'mariadb', binlogFormat: 'ROW' }, showsRows: true },
  // The default of MariaDB.
  { name: 'MariaDB MIXED', options: { flavour: 'mariadb', binlogFormat: 'MIXED' }, showsRows: false },
  { name: 'MySQL ROW', options: { flavour: 'mysql', binlogFormat: 'ROW' }, showsRows: true },
];

/** The servers that the running service is tried on here, for `describe.each`. */
export function serverKinds(): ServerKind[] {
  const flavours = serverFlavours();
  return KINDS.filter(({ options }) => flavours.includes(options.flavour));
}

/** For what has nothing to do with the format of the binlog. */
export function rowServerKinds(): ServerKind[] {
  return serverKinds().filter(({ showsRows }) => showsRows);
}

/** For what has nothing to do with the kind of the server: one of them. */
export function oneServerKind(): ServerKind[] {
  return rowServerKinds().slice(0, 1);
}
