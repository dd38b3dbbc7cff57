import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from './database/cache-directory.js';

export type Flavour = 'mariadb' | 'mysql';

/** A database server's program on this machine. */
export interface ServerProgram {
  readonly flavour: Flavour;
  /** E.g. `10.11.19`. */
  readonly version: string;
  readonly path: string;
}

const FLAVOURS: readonly Flavour[] = ['mariadb', 'mysql'];

type ServerPrograms = { readonly [F in Flavour]?: ServerProgram };

// Distributions keep the servers where only root's PATH leads, or nobody's.
const MORE_FOLDERS = ['/usr/sbin', '/usr/libexec', '/usr/local/sbin', '/usr/local/bin'];

const identified = new Map<string, ServerProgram>();

/** The flavours that tests may use: those of MONITOR_TEST_FLAVOURS, e.g. `mysql`; default: all. */
export function wantedFlavours(): readonly Flavour[] {
  const named = process.env.MONITOR_TEST_FLAVOURS;
  return named ? FLAVOURS.filter((flavour) => named.split(',').includes(flavour)) : FLAVOURS;
}

/**
 * The server programs there are: named by MONITOR_TEST_MARIADBD and MONITOR_TEST_MYSQLD, else on PATH, else the MySQL
 * that `fetch-mysql.sh` put into the cache.
 */
export function findServerPrograms(): ServerPrograms {
  const find = (flavour: Flavour, paths: () => string[]) =>
    wantedFlavours().includes(flavour) ? first(flavour, paths()) : undefined;
  const mariadb = find('mariadb', () => candidates('MONITOR_TEST_MARIADBD', ['mariadbd', 'mysqld']));
  const mysql = find('mysql', () => candidates('MONITOR_TEST_MYSQLD', ['mysqld'], [cachedMysql()]));
  return { ...(mariadb && { mariadb }), ...(mysql && { mysql }) };
}

/** The flavours that tests can use here, for `describe.each`. */
export function serverFlavours(): Flavour[] {
  const programs = findServerPrograms();
  return FLAVOURS.filter((flavour) => programs[flavour] !== undefined);
}

/** @throws Error where this machine has no server of that flavour. */
export function requireServerProgram(flavour: Flavour): ServerProgram {
  const program = findServerPrograms()[flavour];
  if (program !== undefined) return program;
  const remedy = flavour === 'mysql' ? 'run test/support/fetch-mysql.sh' : 'install mariadb-server-core';
  throw new Error(`this machine has no server program of flavour ${flavour}; ${remedy}`);
}

/** The wrapper that `fetch-mysql.sh` leaves beside the server. */
function cachedMysql(): string {
  return join(cacheDirectory(), 'mysql-server', 'mysqld');
}

function candidates(variable: string, names: readonly string[], last: readonly string[] = []): string[] {
  const named = process.env[variable];
  if (named) return [named];
  const folders = [...(process.env.PATH ?? '').split(':').filter(Boolean), ...MORE_FOLDERS];
  return [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...last];
}

function first(flavour: Flavour, paths: readonly string[]): ServerProgram | undefined {
  for (const path of new Set(paths)) {
    const program = identify(path);
    if (program?.flavour === flavour) return program;
  }
  return undefined;
}

/** Only the program itself knows what it is: MariaDB ships a `mysqld` too. Undefined if it is no server, or does not run. */
export function identify(path: string): ServerProgram | undefined {
  const known = identified.get(path);
  if (known !== undefined) return known;
  try {
    accessSync(path, constants.X_OK);
    const text = execFileSync(path, ['--no-defaults', '--version'], { encoding: 'utf8', stdio: 'pipe' });
    const version = /Ver (\d+\.\d+\.\d+)/.exec(text)?.[1];
    if (version === undefined) return undefined;
    const program: ServerProgram = { flavour: /mariadb/i.test(text) ? 'mariadb' : 'mysql', version, path };
    identified.set(path, program);
    return program;
  } catch {
    return undefined;
  }
}
