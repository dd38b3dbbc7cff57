import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { APT_OPTIONS } from '../apt-options.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

interface Installer {
  readonly tool: string;
  /** Run one after the other; every one but the last may fail. */
  readonly commands: readonly (readonly string[])[];
}

const INSTALLERS: readonly Installer[] = [
  {
    tool: 'apt-get',
    commands: [
      ['apt-get', '-qq', ...APT_OPTIONS, 'update'],
      // With a font: without one a page has no letters.
      [
        'apt-get',
        '-qq',
        ...APT_OPTIONS,
        'install',
        '--yes',
        '--no-install-recommends',
        'chromium',
        'fonts-liberation',
      ],
    ],
  },
  {
    tool: 'dnf',
    commands: [['dnf', '--quiet', '--assumeyes', 'install', 'chromium-headless', 'liberation-sans-fonts']],
  },
];

/**
 * The Chromium of this machine; for root, one installed now where there is none (one line on stdout says so).
 * `MONITOR_TEST_CHROMIUM` names another one.
 *
 * @throws Error with what to type where it cannot be installed.
 */
export function ensureChromium(): string {
  return findChromium() ?? installChromium();
}

/** Undefined if none is on PATH. */
function findChromium(): string | undefined {
  const named = process.env.MONITOR_TEST_CHROMIUM;
  if (named !== undefined && named !== '') return named;
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  // Headless only, and on no PATH: the package of Fedora and EPEL.
  const fixed = ['/usr/lib64/chromium-browser/headless_shell'];
  return [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...fixed].find(canRun);
}

function installChromium(): string {
  const installer = INSTALLERS.find(({ tool }) => works([tool, '--version']));
  if (!installer)
    throw new Error('no Chromium on this machine; install it, or name it in MONITOR_TEST_CHROMIUM');
  const install = installer.commands[installer.commands.length - 1] ?? [];
  const packages = install.slice(install.indexOf('install') + 1).filter((part) => !part.startsWith('-'));
  const byHand = `sudo ${installer.tool} install ${packages.join(' ')}`;
  if (process.getuid?.() !== 0) throw new Error(`no Chromium on this machine; type: ${byHand}`);

  process.stdout.write(
    `no Chromium on this machine: installing ${packages.join(' ')} with ${installer.tool}\n`,
  );
  for (const command of installer.commands) {
    // Package lists that are a little old still serve: only the installation itself has to succeed.
    if (!works(command) && command === install) throw new Error(`cannot install Chromium; type: ${byHand}`);
  }
  const found = findChromium();
  if (found === undefined)
    throw new Error(`${packages.join(' ')} is installed but brought no Chromium to PATH`);
  return found;
}

function works([program = '', ...args]: readonly string[]): boolean {
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
    return true;
  } catch {
    return false;
  }
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
