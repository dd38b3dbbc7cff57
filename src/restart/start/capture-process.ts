import { basename, isAbsolute, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { RestartError } from '../../domain/cycle/restart-target.js';
import { capturedEnvironment } from '../commands/command-environment.js';
import { filesOnPath } from '../commands/find-on-path.js';
import { lookAtPaths, type PathFacts } from '../processes/look-at-paths.js';
import type { Credentials, Executable, ProcessIdentity, ProcessStatus } from '../processes/process-info.js';
import { readExecutable, readIfAlive, readProcLink, readStatus } from '../processes/procfs.js';
import { readStart } from '../processes/read-start.js';
import { canBeReplaced, pathAndAbove } from './can-be-replaced.js';
import { captureTraits } from './capture-traits.js';
import { judgeOutputs, pathsOfOutputs, readOutputLinks } from './judge-outputs.js';
import { judgeProgram } from './judge-program.js';
import { refuseMissingGroups } from './refuse-missing-groups.js';
import type { ProgramStart } from './start-plan.js';

const REMEDY = { remedy: 'set start_command for this process' };

/**
 * Records how a running process can be started again (R18). Call it before the process is stopped. Throws
 * RestartError if the process could not be started again in the same way: a process in alarm is better than none.
 */
export async function captureProcess(identity: ProcessIdentity): Promise<ProgramStart> {
  const { pid } = identity;
  const who = readWho(pid);
  const { exe, status } = who;
  const uid = status?.credentials.uid ?? 0;
  const [start, traits] = await Promise.all([readStart(pid), captureTraits(pid, uid)]);
  const [cwd, root, outputLinks] = [
    readProcLink(pid, 'cwd'),
    readProcLink(pid, 'root'),
    readOutputLinks(pid),
  ];
  const programs = exe && start && cwd !== undefined ? candidates(exe, start.argv, cwd, start.env.PATH) : [];
  const facts = await lookAtPaths([
    ...programs,
    ...(cwd === undefined ? [] : pathAndAbove(cwd)),
    `/proc/${pid}/cwd`,
    `/proc/${pid}/exe`,
    ...pathsOfOutputs(outputLinks),
  ]);
  // Read again at the end: a user could make his program become a set-uid one while we read, and get his own
  // arguments run with its user id.
  if (!isDeepStrictEqual(who, readWho(pid)) || !readIfAlive(identity)) {
    throw new RestartError(`pid ${pid} ended or became another program while it was inspected`, true);
  }
  if (!exe || !start || cwd === undefined || !status) {
    throw new RestartError(`pid ${pid}: cannot read its arguments and environment`, false, {
      remedy: 'run this service as root, or set start_command',
    });
  }
  const { env } = start;
  const missing = await refuseMissingGroups(status.credentials);
  if (missing !== undefined) throw new RestartError(`pid ${pid} ${missing}`, false, REMEDY);
  if (root !== '/') throw new RestartError(`pid ${pid} runs in a root directory of its own`, false, REMEDY);
  const written = judgeOutputs(outputLinks, uid, env.JOURNAL_STREAM, facts);
  if ('refusal' in written) throw new RestartError(`pid ${pid} ${written.refusal}`, false, REMEDY);
  const { outputs } = written;
  const [argv0, ...args] = requireText(pid, start.argv);
  // The file that is executed, whatever its names lead to by now.
  const running = facts.stat(`/proc/${pid}/exe`);
  if (!running || (running.mode & 0o6000) !== 0) {
    throw new RestartError(`pid ${pid} runs the set-uid program ${exe.path}`, false, REMEDY);
  }
  const chosen = await chooseFile(findFiles(exe, argv0, programs, facts), status.credentials, facts);
  if (chosen === undefined) {
    throw new RestartError(`pid ${pid}: its executable ${exe.path} no longer exists`, false, REMEDY);
  }
  if ('refusal' in chosen) throw new RestartError(`pid ${pid} ${chosen.refusal}`, false, REMEDY);
  const { file, passedOver = 'has overwritten its arguments' } = chosen;
  if (isRewritten(exe, resolve(cwd, argv0), file, argv0, args)) {
    throw new RestartError(`pid ${pid} ${passedOver}`, false, REMEDY);
  }
  const cwdInode = facts.stat(`/proc/${pid}/cwd`)?.inode;
  if (cwdInode === undefined || facts.stat(cwd)?.inode !== cwdInode) {
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
    ...(canBeReplaced(cwd, 0, facts) !== false && { cwdInode }),
    env: capturedEnvironment(env),
    credentials: status.credentials,
    ...(status.umask !== undefined && { umask: status.umask }),
    traits,
    ...(Object.keys(outputs).length > 0 && { outputs }),
    seenAs: { pid, startTime: identity.startTime },
  };
}

function readWho(pid: number): { exe: Executable | undefined; status: ProcessStatus | undefined } {
  return { exe: readExecutable(pid), status: readStatus(pid) };
}

function requireText(pid: number, argv: readonly (string | undefined)[]): [string, ...string[]] {
  const [argv0, ...args] = argv.filter((argument) => argument !== undefined);
  if (argv0 === undefined || args.length + 1 < argv.length) {
    throw new RestartError(`pid ${pid}: its arguments are not UTF-8 text`, false, REMEDY);
  }
  return [argv0, ...args];
}

/** The files that may be the program: first those that it may have been called by, last its executable. */
function candidates(
  exe: Executable,
  [argv0 = '']: readonly (string | undefined)[],
  cwd: string,
  path: string | undefined,
): string[] {
  const called = argv0.includes('/') ? [resolve(cwd, argv0)] : argv0 === '' ? [] : filesOnPath(argv0, path);
  return [...called, exe.path];
}

/**
 * Finds the files that may be executed, the best one first. That is the path by which the program was called, if it
 * leads to the same program: `/opt/venv/bin/python` or a link to busybox is another program when it is called by its
 * real path. If the executable was replaced, the new file is used.
 */
function findFiles(
  exe: Executable,
  argv0: string,
  programs: readonly string[],
  facts: PathFacts,
): readonly string[] {
  const found = programs.filter((file) => facts.executable(file) !== undefined);
  const called = found.find((file) => file !== exe.path && facts.executable(file) === exe.path);
  const same = [called, found.find((file) => file === exe.path)].filter((file) => file !== undefined);
  // The folder of the old version was removed by an upgrade, and the link leads to the new version.
  return same.length > 0 || !isAbsolute(argv0) ? same : found.slice(0, 1);
}

/**
 * The first of these files that its user may be given, and why one before it may not; else why it is not the last one.
 * Undefined if there is none.
 */
async function chooseFile(
  files: readonly string[],
  user: Credentials,
  facts: PathFacts,
): Promise<
  { readonly file: string; readonly passedOver?: string } | { readonly refusal: string } | undefined
> {
  let passedOver: string | undefined;
  for (const file of files) {
    const refusal = await judgeProgram(file, user, facts);
    if (refusal === undefined) return { file, ...(passedOver !== undefined && { passedOver }) };
    passedOver = refusal;
  }
  return passedOver === undefined ? undefined : { refusal: passedOver };
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
