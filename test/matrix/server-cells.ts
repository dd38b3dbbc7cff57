import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureMariadb } from '../support/ensure-server-program.js';
import { identify, requireServerProgram } from '../support/server-programs.js';
import type { Cell } from './cell.js';

/** The integration tests that prove R1 to R12 on a server, and those of its accounts, settings and statements. */
export const SERVER_TESTS: readonly string[] = Object.entries({
  service: [
    ...[
      'acknowledge-none',
      'cycles',
      'formats',
      'layouts',
      'many-alarms',
      'names',
      'other-process',
      'outages',
    ],
    ...['raising', 'repairs', 'server-settings', 'smoke', 'xa'],
  ],
  faults: ['binlog', 'ddl', 'locks', 'network', 'reconnects', 'server', 'undecodable', 'unsettled'],
  db: [
    ...[
      'database',
      'grants-sql',
      'known-names',
      'preflight',
      'server-question',
      'setup-sql',
      'stream-server',
    ],
  ],
  cli: ['check', 'commands'],
}).flatMap(([folder, names]) => names.map((name) => `test/integration/${folder}/${name}.test.ts`));

/** Each with those tests, in every format of the binlog where a test is about one. */
export const SERVER_CELLS: readonly Cell[] = [
  cell('MariaDB', '10.5', 'Debian 11', () => fetchMariadb('bullseye')),
  cell('MariaDB', '10.11', 'Debian 12', () => ensureMariadb().path),
  cell('MariaDB', '11.8', 'Debian 13', () => fetchMariadb('trixie')),
  cell('MySQL', '9.7', 'Debian unstable', fetchMysql),
];

/** @param findPath returns the path of the server program, which it may have to fetch */
function cell(brand: 'MariaDB' | 'MySQL', version: string, from: string, findPath: () => string): Cell {
  return {
    part: 'server',
    name: `${brand.toLowerCase()}-${version}`,
    title: `${brand} ${version} (${from})`,
    async prepare() {
      const path = findPath();
      const program = identify(path);
      if (!program?.version.startsWith(`${version}.`))
        throw new Error(`${path} is ${program?.flavour} ${program?.version}, not ${brand} ${version}`);
      const variable = brand === 'MySQL' ? 'MONITOR_TEST_MYSQLD' : 'MONITOR_TEST_MARIADBD';
      return {
        versions: { [brand]: program.version },
        env: { [variable]: path, MONITOR_TEST_FLAVOURS: program.flavour, MONITOR_TEST_FORMATS: 'all' },
        files: SERVER_TESTS,
      };
    },
  };
}

function fetchMariadb(suite: string): string {
  return execFileSync(script('fetch-mariadb.sh'), [suite], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim();
}

/** A MySQL that is installed comes before the one that is fetched. */
function fetchMysql(): string {
  execFileSync(script('fetch-mysql.sh'), { stdio: 'inherit' });
  return requireServerProgram('mysql').path;
}

function script(file: string): string {
  return fileURLToPath(new URL(`../support/${file}`, import.meta.url));
}
