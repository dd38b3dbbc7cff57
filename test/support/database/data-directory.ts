import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { ServerProgram } from '../server-programs.js';
import { cacheDirectory } from './cache-directory.js';
import { SIZE_ARGUMENTS, USER_ARGUMENTS } from './server-arguments.js';

// Part of the template's name: to be raised when a template is made in another way.
const REVISION = 1;

/** Lays a fresh data directory with an unprotected `root`@`localhost` at `target`, which must not exist. */
export async function copyDataDirectory(program: ServerProgram, target: string): Promise<void> {
  // mode: blocks are shared with the template where the file system can.
  await cp(await ensureTemplate(program), target, { recursive: true, mode: constants.COPYFILE_FICLONE });
}

/**
 * The data directory that new servers of this program start from; made once, kept in the cache. Several processes may
 * ask at once: each makes its own, the first rename wins, and no half-made template is ever seen under the name.
 */
export async function ensureTemplate(program: ServerProgram): Promise<string> {
  const uid = process.getuid?.() ?? 0;
  const template = join(cacheDirectory(), `data-${program.flavour}-${program.version}-${uid}-r${REVISION}`);
  if (await exists(template)) return template;

  await mkdir(dirname(template), { recursive: true });
  const building = await mkdtemp(`${template}.building-`);
  try {
    const made = join(building, 'data');
    await initialise(program, made);
    await rename(made, template);
  } catch (error) {
    if (!(await exists(template))) throw error;
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return template;
}

async function initialise(program: ServerProgram, datadir: string): Promise<void> {
  const options = [...USER_ARGUMENTS, `--datadir=${datadir}`, ...SIZE_ARGUMENTS];
  if (program.flavour === 'mysql') {
    await promisify(execFile)(program.path, ['--no-defaults', '--initialize-insecure', ...options]);
    return;
  }
  await promisify(execFile)('mariadb-install-db', [
    '--no-defaults',
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    '--skip-name-resolve',
    ...options,
  ]);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
