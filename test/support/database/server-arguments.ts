import { join } from 'node:path';

export type BinlogFormat = 'ROW' | 'MIXED' | 'STATEMENT';

/** Where and how one private server runs. */
interface ServerLayout {
  readonly directory: string;
  readonly socket: string;
  readonly port: number;
  readonly extraArgs?: readonly string[];
  readonly binlog?: boolean;
  readonly binlogFormat?: BinlogFormat;
}

/**
 * Small files and little memory: for the template and for the server alike, which must agree on them.
 * `loose-` is for options that only one of the flavours knows.
 */
export const SIZE_ARGUMENTS: readonly string[] = [
  '--innodb-buffer-pool-size=32M',
  '--loose-innodb-log-file-size=8M',
  '--loose-innodb-redo-log-capacity=16M',
];

/**
 * Nothing is forced to the disk: what a server has written outlives its SIGKILL, but not a loss of power. What a commit
 * costs on this disk is neither tested nor measured. No event is sent later for it, and none earlier. The doublewrite
 * buffer stays: SIGKILL can tear a page.
 */
const UNFORCED_ARGUMENTS: readonly string[] = [
  '--innodb-flush-log-at-trx-commit=2',
  '--loose-innodb-flush-method=nosync',
  '--sync-binlog=0',
  // The other files of MariaDB, such as those of table definitions.
  '--loose-debug-no-sync',
];

/** Both flavours refuse to run as root unless told to. */
export const USER_ARGUMENTS: readonly string[] = process.getuid?.() === 0 ? ['--user=root'] : [];

/**
 * Where a server keeps its data and its temporary files. The latter must be its own too: a MariaDB that starts sweeps
 * the temporary tables of all others out of a folder that it shares with them.
 */
export function placeArguments(directory: string): string[] {
  return [`--datadir=${join(directory, 'data')}`, `--tmpdir=${join(directory, 'tmp')}`];
}

/**
 * The arguments of mysqld or mariadbd. Name resolution stays on: the loopback address needs no look-up, and accounts
 * of `localhost` are then good for TCP as they are on a server as installed.
 */
export function serverArguments(layout: ServerLayout): string[] {
  const { directory, binlog = true, binlogFormat = 'ROW' } = layout;
  return [
    // Must be the first: nothing of the system's configuration counts.
    '--no-defaults',
    ...USER_ARGUMENTS,
    ...placeArguments(directory),
    `--socket=${layout.socket}`,
    `--port=${layout.port}`,
    '--bind-address=127.0.0.1',
    `--pid-file=${join(directory, 'server.pid')}`,
    `--log-error=${join(directory, 'error.log')}`,
    `--init-file=${join(directory, 'init.sql')}`,
    ...SIZE_ARGUMENTS,
    ...UNFORCED_ARGUMENTS,
    '--server-id=1',
    '--secure-file-priv=',
    '--loose-mysqlx=OFF',
    '--loose-performance-schema=OFF',
    ...(binlog ? ['--log-bin=binlog', `--binlog-format=${binlogFormat}`] : ['--skip-log-bin']),
    ...(layout.extraArgs ?? []),
  ];
}
