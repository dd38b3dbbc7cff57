import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { ServerProgram } from '../server-programs.js';
import { cacheDirectory } from './cache-directory.js';
import { placeArguments, SIZE_ARGUMENTS, USER_ARGUMENTS } from './server-arguments.js';

// Every integration file loads this one, and execa would take it longer than all else here.
const run = promisify(execFile);

// Part of the template's name: to be raised when a template is made in another way.
const REVISION = 1;

/** Lays fresh data with an unprotected `root`@`localhost` into a server's directory, and a folder for its `tmp`. */
export async function layDataDirectory(program: ServerProgram, directory: string): Promise<void> {
  await mkdir(join(directory, 'tmp'));
  // mode: blocks are shared with the template where the file system can.
  const options = { recursive: true, mode: constants.COPYFILE_FICLONE };
  await cp(await ensureTemplate(program), join(directory, 'data'), options);
  // It holds the server_uuid, and two servers with the same one cannot replicate. The server makes another.
  await rm(join(directory, 'data', 'auto.cnf'), { force: true });
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
    await mkdir(join(building, 'tmp'));
    await initialise(program, building);
    await rename(join(building, 'data'), template);
  } catch (error) {
    if (!(await exists(template))) throw error;
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return template;
}

async function initialise(program: ServerProgram, directory: string): Promise<void> {
  const options = [...USER_ARGUMENTS, ...placeArguments(directory), ...SIZE_ARGUMENTS];
  if (program.flavour === 'mysql') {
    await run(program.path, ['--no-defaults', '--initialize-insecure', ...options]);
    return;
  }
  // One that was fetched has its own beside it.
  const beside = join(dirname(program.path), 'mariadb-install-db');
  await run((await exists(beside)) ? beside : 'mariadb-install-db', [
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
