import { execFileSync } from 'node:child_process';
import { APT_OPTIONS } from './apt-options.js';
import { findServerPrograms, type ServerProgram } from './server-programs.js';

interface Installer {
  readonly tool: string;
  /** Run one after the other; every one but the last may fail. */
  readonly commands: readonly (readonly string[])[];
  readonly packages: readonly string[];
}

const INSTALLERS: readonly Installer[] = [
  {
    tool: 'apt-get',
    commands: [
      ['apt-get', '-qq', ...APT_OPTIONS, 'update'],
      ['apt-get', '-qq', ...APT_OPTIONS, 'install', '--yes', '--no-install-recommends'],
    ],
    packages: ['mariadb-server-core', 'mariadb-client-core'],
  },
  { tool: 'dnf', commands: [['dnf', '--quiet', '--assumeyes', 'install']], packages: ['mariadb-server'] },
];

/**
 * A MariaDB server program: the one there is, else, for root, one installed now (one line on stdout says so).
 *
 * @throws Error which names the package and the command to type where it cannot be installed.
 */
export function ensureMariadb(): ServerProgram {
  return findServerPrograms().mariadb ?? installMariadb();
}

/** Any server program, for whoever does not mind the flavour; as `ensureMariadb` where there is none. */
export function ensureServerProgram(): ServerProgram {
  const { mariadb, mysql } = findServerPrograms();
  return mariadb ?? mysql ?? installMariadb();
}

function installMariadb(): ServerProgram {
  const installer = INSTALLERS.find(({ tool }) => isThere(tool));
  if (installer === undefined) {
    throw new Error(
      'no MariaDB server on this machine; install it, or name mariadbd in MONITOR_TEST_MARIADBD',
    );
  }
  const { tool, commands, packages } = installer;
  const names = packages.join(' ');
  const byHand = `sudo ${tool} install ${names}`;
  if (process.getuid?.() !== 0) throw new Error(`no MariaDB server on this machine; type: ${byHand}`);

  process.stdout.write(`no MariaDB server on this machine: installing ${names} with ${tool}\n`);
  try {
    commands.forEach((command, index) => {
      const last = index === commands.length - 1;
      run(last ? [...command, ...packages] : command, last);
    });
  } catch (error) {
    throw new Error(`cannot install a MariaDB server: ${String(error)}; type: ${byHand}`, { cause: error });
  }
  const { mariadb } = findServerPrograms();
  if (mariadb === undefined)
    throw new Error(`${names} is installed but brought no mariadbd to /usr/sbin or PATH`);
  return mariadb;
}

/** Package lists that are a little old still serve: only the installation itself has to succeed. */
function run([program = '', ...args]: readonly string[], mustSucceed: boolean): void {
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
  } catch (error) {
    if (mustSucceed) throw error;
  }
}

function isThere(tool: string): boolean {
  try {
    execFileSync(tool, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
