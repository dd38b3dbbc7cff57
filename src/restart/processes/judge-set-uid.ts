import { setImmediate } from 'node:timers/promises';
import { CannotTellError } from '../../domain/cycle/restart-target.js';
import { type FileFacts, lookAtFiles } from './look-at-paths.js';
import type { ProcessStat } from './process-info.js';
import { readExecutable, readStat, readStatus } from './procfs.js';
import { readProcFiles } from './read-proc-files.js';

interface JudgedProcesses {
  /** Processes that count as those of their user. */
  readonly own: readonly ProcessStat[];
  /** Processes of which that cannot be told (R27). */
  readonly unknown: readonly ProcessStat[];
}

/**
 * Tells processes that root has started from those that only have root's user id (R29). Any user can start a set-uid
 * program of root under any name, and its real user id may become root's: sudo at its prompt is root's by all that /proc
 * says. Such a process is in neither list, as one that has gone. A set-uid program that root has started is root's. A
 * process of any other user is taken for his: a daemon may be set-uid and set-gid, as that of Oracle, and then the kernel
 * says that it got other rights though its own user has started it.
 */
export async function judgeSetUid(stats: readonly ProcessStat[]): Promise<JudgedProcesses> {
  // A service that is not root may not look, and gives nobody the rights of another user.
  if (process.getuid?.() !== 0) return { own: stats, unknown: [] };
  const own: ProcessStat[] = [];
  const unknown: ProcessStat[] = [];
  const asked: { readonly stat: ProcessStat; readonly key: string | undefined }[] = [];
  for (const [index, stat] of stats.entries()) {
    if (index % AT_A_STRETCH === AT_A_STRETCH - 1) await setImmediate();
    // The user is read before the file: a process with the user id of a set-uid program no longer runs another file.
    const uid = readStatus(stat.pid)?.credentials.uid;
    const exe = readExecutable(stat.pid);
    if (uid === undefined) continue;
    const key = exe && `${stat.pid} ${stat.startTime} ${exe.path}`;
    if (uid !== 0 || (key !== undefined && knownAsOwn.has(key))) own.push(stat);
    else asked.push({ stat, key });
  }
  const files = await lookAtExecutables(asked.map(({ stat }) => stat.pid));
  const doubted = asked.filter(({ stat }) => isSetuidOfRoot(files.get(stat.pid)));
  const starts = await judgeStarts(doubted.map(({ stat }) => stat.pid));
  for (const { stat, key } of asked) {
    const file = files.get(stat.pid);
    if (file === undefined) {
      // Another root may have more rights than we have, so that we may not look.
      if (readStat(stat.pid)) unknown.push(stat);
      continue;
    }
    const verdict = file === 'hangs' ? undefined : isSetuidOfRoot(file) ? starts.get(stat.pid) : 'own';
    if (verdict === undefined) unknown.push(stat);
    if (verdict !== 'own') continue;
    own.push(stat);
    if (key === undefined) continue;
    if (knownAsOwn.size >= MOST_KNOWN) knownAsOwn.clear();
    knownAsOwn.add(key);
  }
  return { own, unknown };
}

/** How many are looked at without a pause. */
const AT_A_STRETCH = 500;
/** How many are asked for at once: their paths must fit into the arguments of a child. A user can start more of them. */
const PORTION = 1000;
/** How many are asked for one by one where one gives no answer. */
const MOST_ALONE = 20;

/** Asked once for each program of a process: every health check needs the answer. */
const knownAsOwn = new Set<string>();
const MOST_KNOWN = 4096;

type FileOfProcess = Pick<FileFacts, 'uid' | 'mode'> | 'hangs';

function isSetuidOfRoot(file: FileOfProcess | undefined): boolean {
  return file !== undefined && file !== 'hangs' && (file.mode & 0o4000) !== 0 && file.uid === 0;
}

/** The files that these processes execute, whatever their names lead to by now. */
async function lookAtExecutables(pids: readonly number[]): Promise<ReadonlyMap<number, FileOfProcess>> {
  const files = new Map<number, FileOfProcess>();
  for (let at = 0; at < pids.length; at += PORTION) {
    for (const [pid, file] of await lookAtPortion(pids.slice(at, at + PORTION))) files.set(pid, file);
  }
  return files;
}

async function lookAtPortion(pids: readonly number[]): Promise<ReadonlyMap<number, FileOfProcess>> {
  try {
    const facts = await lookAtFiles(pids.map(pathOf));
    return new Map(
      pids.flatMap((pid) => {
        const file = facts.stat(pathOf(pid));
        return file ? [[pid, file]] : [];
      }),
    );
  } catch (error) {
    if (!(error instanceof CannotTellError)) throw error;
    const [pid] = pids;
    if (pid !== undefined && pids.length === 1) return new Map([[pid, 'hangs']]);
    // One that gives no answer says nothing of the others.
    const each = await Promise.all(pids.slice(0, MOST_ALONE).map((one) => lookAtPortion([one])));
    const rest = pids.slice(MOST_ALONE).map((one): [number, 'hangs'] => [one, 'hangs']);
    return new Map([...each.flatMap((files) => [...files]), ...rest]);
  }
}

function pathOf(pid: number): string {
  return `/proc/${pid}/exe`;
}

const AT_SECURE = 23n;
const LIMIT_BYTES = 4096;

/**
 * The kernel tells a program at its start whether it has other rights than the one who started it. One child reads what it
 * told thousands of them; one that is missing in the answer is unknown.
 */
async function judgeStarts(pids: readonly number[]): Promise<ReadonlyMap<number, 'own' | 'gained'>> {
  const verdicts = new Map<number, 'own' | 'gained'>();
  try {
    const files = pids.map((pid) => ({ pid, file: 'auxv' as const }));
    await readProcFiles(files, LIMIT_BYTES, ({ pid }, content) => {
      if (typeof content !== 'string') verdicts.set(pid, isSecure(content) ? 'gained' : 'own');
    });
  } catch (error) {
    if (!(error instanceof CannotTellError)) throw error;
  }
  return verdicts;
}

/** Also of a program of 32 bits, where the entry is not found. */
function isSecure(content: Buffer): boolean {
  const words = new BigUint64Array(new Uint8Array(content).buffer, 0, Math.floor(content.length / 8));
  for (let index = 0; index + 1 < words.length; index += 2) {
    if (words[index] === AT_SECURE) return words[index + 1] !== 0n;
  }
  return true;
}
