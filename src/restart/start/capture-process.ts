import { realpath, stat } from 'node:fs/promises';
import { basename, isAbsolute, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { RestartError } from '../../domain/cycle/restart-target.js';
import { capturedEnvironment } from '../commands/command-environment.js';
import { findOnPath, isExecutableFile } from '../commands/find-on-path.js';
import type { Executable, ProcessIdentity, ProcessStatus } from '../processes/process-info.js';
import {
  readArguments,
  readEnvironment,
  readExecutable,
  readIfAlive,
  readRoot,
  readStatus,
  readWorkingDirectory,
} from '../processes/procfs.js';
import { canBeExchanged } from './can-be-exchanged.js';
import { captureOutputs } from './capture-outputs.js';
import { captureTraits } from './capture-traits.js';
import { refuseMissingGroups } from './refuse-missing-groups.js';
import type { ProgramStart } from './start-plan.js';

const REMEDY = { remedy: 'set start_command for this process' };

/**
 * Records how a running process can be started again (R18). Call it before the process is stopped. Throws
 * RestartError if the process could not be started again in the same way: a process in alarm is better than none.
 */
export async function captureProcess(identity: ProcessIdentity): Promise<ProgramStart> {
  const { pid } = identity;
  const who = await readWho(pid);
  const { exe, status } = who;
  const uid = status?.credentials.uid ?? 0;
  const [argv, env, cwd, root, cwdInode, traits] = await Promise.all([
    readArguments(pid),
    readEnvironment(pid),
    readWorkingDirectory(pid),
    readRoot(pid),
    readWorkingInode(pid),
    captureTraits(pid, uid),
  ]);
  const written = await captureOutputs(pid, uid, env?.JOURNAL_STREAM);
  // Read again at the end: a user could make his program become a set-uid one while we read, and get his own
  // arguments run with its user id.
  if (!isDeepStrictEqual(who, await readWho(pid)) || !(await readIfAlive(identity))) {
    throw new RestartError(`pid ${pid} ended or became another program while it was inspected`, true);
  }
  if (!exe || !argv || !env || cwd === undefined || !status) {
    throw new RestartError(`pid ${pid}: cannot read its arguments and environment`, false, {
      remedy: 'run this service as root, or set start_command',
    });
  }
  const missing = await refuseMissingGroups(status.credentials);
  if (missing !== undefined) throw new RestartError(`pid ${pid} ${missing}`, false, REMEDY);
  if (root !== '/') throw new RestartError(`pid ${pid} runs in a root directory of its own`, false, REMEDY);
  if ('refusal' in written) throw new RestartError(`pid ${pid} ${written.refusal}`, false, REMEDY);
  const { outputs } = written;
  const [argv0, ...args] = requireText(pid, argv);
  const file = await findFile(exe, argv0, cwd, env.PATH);
  if (file === undefined) {
    throw new RestartError(`pid ${pid}: its executable ${exe.path} no longer exists`, false, REMEDY);
  }
  if (isRewritten(exe, resolve(cwd, argv0), file, argv0, args)) {
    throw new RestartError(`pid ${pid} has overwritten its arguments`, false, REMEDY);
  }
  await refuseSetuid(pid, file);
  if (cwdInode === undefined || (await inodeOf(cwd)) !== cwdInode) {
    throw new RestartError(`pid ${pid}: its working directory ${cwd} no longer exists`, false, REMEDY);
  }
  // They would be written into a unit file.
  if (/\p{Cc}/u.test(file + cwd))
    throw new RestartError(`pid ${pid} has control characters in its paths`, false, REMEDY);
  return {
    kind: 'program',
    file,
    args,
    argv0,
    cwd,
    ...((await canBeExchanged(cwd, 0)) && { cwdInode }),
    env: capturedEnvironment(env),
    credentials: status.credentials,
    ...(status.umask !== undefined && { umask: status.umask }),
    traits,
    ...(Object.keys(outputs).length > 0 && { outputs }),
  };
}

async function readWho(
  pid: number,
): Promise<{ exe?: Executable | undefined; status?: ProcessStatus | undefined }> {
  const [exe, status] = await Promise.all([readExecutable(pid), readStatus(pid)]);
  return { exe, status };
}

function requireText(pid: number, argv: readonly (string | undefined)[]): [string, ...string[]] {
  const [argv0, ...args] = argv.filter((argument) => argument !== undefined);
  if (argv0 === undefined || args.length + 1 < argv.length) {
    throw new RestartError(`pid ${pid}: its arguments are not UTF-8 text`, false, REMEDY);
  }
  return [argv0, ...args];
}

/**
 * Finds the file to execute. Prefers the path by which the program was called, if that leads to the same program:
 * `/opt/venv/bin/python` or a link to busybox is another program when it is called by its real path. If the
 * executable was replaced, the new file is used.
 */
async function findFile(
  exe: Executable,
  argv0: string,
  cwd: string,
  path: string | undefined,
): Promise<string | undefined> {
  const called = argv0.includes('/') ? [resolve(cwd, argv0)] : await findOnPath(argv0, path);
  for (const file of called) {
    if ((await realPath(file)) === exe.path && (await isExecutableFile(file))) return file;
  }
  if (await isExecutableFile(exe.path)) return exe.path;
  // The folder of the old version was removed by an upgrade, and the link leads to the new version.
  for (const file of called) {
    if (isAbsolute(argv0) && (await isExecutableFile(file))) return file;
  }
  return undefined;
}

/**
 * Whether the arguments were overwritten: some programs show their state in the process list (`nginx: master process
 * …`).
 */
function isRewritten(
  exe: Executable,
  called: string,
  file: string,
  argv0: string,
  args: readonly string[],
): boolean {
  if (called === file || args.some((arg) => arg !== '')) return false;
  return /\s/.test(argv0) || (file === exe.path && basename(argv0) !== basename(exe.path));
}

/**
 * Refuses set-uid programs. Any user can start one under any name, with any arguments and environment. Its real user
 * id may already be root (sudo at its prompt). To start it again as root would be to do what that user wants.
 */
async function refuseSetuid(pid: number, file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o6000) !== 0)
    throw new RestartError(`pid ${pid} runs the set-uid program ${file}`, false, REMEDY);
}

async function realPath(file: string): Promise<string | undefined> {
  return realpath(file).catch(() => undefined);
}

function readWorkingInode(pid: number): Promise<string | undefined> {
  return inodeOf(`/proc/${pid}/cwd`);
}

async function inodeOf(path: string): Promise<string | undefined> {
  return stat(path).then(
    ({ dev, ino }) => `${dev}:${ino}`,
    () => undefined,
  );
}
