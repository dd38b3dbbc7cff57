import type { PrivateServerOptions } from '../private-server.js';
import { serverFlavours } from '../server-programs.js';

export interface ServerKind {
  readonly name: string;
  readonly options: PrivateServerOptions;
  /** Whether the binlog shows the rows of every change. */
  readonly showsRows: boolean;
}

const SERVER_NAMES = { mariadb: 'MariaDB', mysql: 'MySQL' } as const;
const KINDS: readonly ServerKind[] = [
  { name: 'MariaDB ROW', options: { flavour: 'mariadb', binlogFormat: 'ROW' }, showsRows: true },
  // The default of MariaDB.
  { name: 'MariaDB MIXED', options: { flavour: 'mariadb', binlogFormat: 'MIXED' }, showsRows: false },
  { name: 'MySQL ROW', options: { flavour: 'mysql', binlogFormat: 'ROW' }, showsRows: true },
];

/** The servers that the running service is tried on here, for `describe.each`; with MONITOR_TEST_FORMATS=all every format. */
export function serverKinds(): ServerKind[] {
  if (process.env.MONITOR_TEST_FORMATS === 'all') return serversAndFormats();
  const flavours = serverFlavours();
  return KINDS.filter(({ options }) => flavours.includes(options.flavour));
}

/** Every server with every format of the binlog. */
export function serversAndFormats(): ServerKind[] {
  return serverFlavours().flatMap((flavour) =>
    (['ROW', 'MIXED', 'STATEMENT'] as const).map((binlogFormat) => ({
      name: `${SERVER_NAMES[flavour]} ${binlogFormat}`,
      options: { flavour, binlogFormat },
      showsRows: binlogFormat === 'ROW',
    })),
  );
}

/** For what has nothing to do with the format of the binlog. */
export function rowServerKinds(): ServerKind[] {
  return serverKinds().filter(({ showsRows }) => showsRows);
}

/** For what has nothing to do with the kind of the server: one of them. */
export function oneServerKind(): ServerKind[] {
  return rowServerKinds().slice(0, 1);
}
