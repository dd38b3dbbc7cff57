import { randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { from, lastValueFrom, mergeMap } from 'rxjs';
import { CannotTellError } from '../../domain/cycle/restart-target.js';
import { hangingLooks, isUser } from './hanging-looks.js';
import { LookingChild, lookingEnvironment } from './looking-child.js';
import { readStatus } from './procfs.js';
import { Splitter } from './splitter.js';

/** `hangs`: the kernel blocks every reader. `failed`: it exists but cannot be read. */
export type ProcFile = Buffer | 'hangs' | 'failed';

interface ProcFileName {
  readonly pid: number;
  readonly file: 'cmdline' | 'environ' | 'auxv';
}

/** How many files one child reads: their names must fit into its arguments. */
const PER_CHILD = 4000;
const LOOK_AGAIN_MS = 250;
/** A file that is still being read after this many looks in a row hangs. */
const HANGS_AFTER_LOOKS = 4;
/** After this time, in ms, no further child is sent to the files of a user one of whose processes hangs. */
const PATIENCE_MS = 2000;
/** How many users' files are read at once, a child for each. */
const USERS_AT_ONCE = 8;

type OnFile = (name: ProcFileName, content: ProcFile) => void;

/**
 * Reads files of /proc that may wait for a lock of their process, which a hanging process can hold for ever (R33).
 * One child reads thousands of them, at about 20 µs each. If one hangs, the rest is read by a child for each user, so
 * that however many processes of a user hang, those of the others are read, and all of it takes some seconds. What was
 * not read by then counts as hanging. Reads at most `limitBytes` of each. Reports each file once, in any order; a file
 * of a process that has gone is empty. Rejects with CannotTellError if nothing is known about any of them.
 */
export async function readProcFiles(
  files: readonly ProcFileName[],
  limitBytes: number,
  onFile: OnFile,
): Promise<void> {
  let pending = files.filter((name) => {
    const isKnownToHang = hangingLooks.has(keyOf(name));
    if (isKnownToHang) onFile(name, 'hangs');
    return !isKnownToHang;
  });
  // What hung a moment ago may have brothers.
  let hasHung = pending.length < files.length || !hangingLooks.hasRoom(undefined);
  while (pending.length > 0 && !hasHung) {
    const end = await readPart(pending.slice(0, PER_CHILD), limitBytes, onFile);
    pending = leftAfter(end, pending);
    hasHung = end.hanging !== undefined;
  }
  const groups = [...byOwner(pending)];
  const read = ([owner, group]: Group): Promise<void> => readGroup(owner, group, limitBytes, onFile);
  // First: no number of users who have processes that hang holds up the daemons of root.
  await Promise.all(groups.filter(([owner]) => !isUser(owner)).map(read));
  const users = from(groups.filter(([owner]) => isUser(owner)));
  await lastValueFrom(users.pipe(mergeMap(read, USERS_AT_ONCE)), { defaultValue: undefined });
}

/** The owner is undefined for processes that have gone. */
type Group = readonly [owner: number | undefined, files: readonly ProcFileName[]];

function byOwner(files: readonly ProcFileName[]): Map<number | undefined, ProcFileName[]> {
  const groups = new Map<number | undefined, ProcFileName[]>();
  for (const name of files) {
    const owner = ownerOf(name);
    const group = groups.get(owner);
    if (group) group.push(name);
    else groups.set(owner, [name]);
  }
  return groups;
}

async function readGroup(
  owner: number | undefined,
  group: readonly ProcFileName[],
  limitBytes: number,
  onFile: OnFile,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  const quiet = isUser(owner) ? `uid ${owner}` : '';
  let pending = group;
  let hasHung = false;
  while (pending.length > 0 && hangingLooks.hasRoom(owner) && !hangingLooks.has(quiet)) {
    if (hasHung && performance.now() > deadline) {
      // Whoever has so many of them has more for the next look.
      if (quiet !== '') hangingLooks.keepQuiet(quiet);
      break;
    }
    const end = await readPart(pending.slice(0, PER_CHILD), limitBytes, onFile, owner);
    pending = leftAfter(end, pending);
    hasHung ||= end.hanging !== undefined;
  }
  for (const name of pending) onFile(name, 'hangs');
}

interface PartEnd {
  /** How many files were reported, before the one that hangs. */
  readonly count: number;
  readonly hanging?: ProcFileName;
}

/** What the child has read before the one that hangs, and not yet printed, is read again. */
function leftAfter({ count, hanging }: PartEnd, pending: readonly ProcFileName[]): ProcFileName[] {
  return pending.slice(count).filter((name) => name !== hanging);
}

async function readPart(
  part: readonly ProcFileName[],
  limitBytes: number,
  onFile: OnFile,
  owner?: number,
): Promise<PartEnd> {
  // Between any two files the child prints a part of its own environment as a separator. It is secret, so no process
  // can have it in its arguments.
  const environment = { END_OF_FILE: randomBytes(16).toString('hex') };
  const contents: Buffer[] = [];
  const empty: ProcFileName[] = [];
  let count = 0;
  const splitter = new Splitter(separatorOf(environment), (content) => contents.push(content));
  const paths = part.flatMap(({ pid, file }) => [`${pid}/${file}`, 'self/environ']);
  const child = new LookingChild(['head', '-q', '-c', `${limitBytes}`, '--', ...paths], {
    cwd: '/proc',
    environment,
    owner,
    onData: (chunk) => {
      splitter.push(chunk);
      for (; contents.length > 0 && count < part.length; count += 1) {
        const [name, content] = [part[count], contents.shift()];
        // An error message about an empty file may come after it.
        if (name && content && content.length > 0) onFile(name, content);
        else if (name) empty.push(name);
      }
    },
  });
  const watch = watchReading(child, part);
  const end = await Promise.race([child.ended, watch.hangs]).finally(() => watch.stop());
  const complaints = typeof end === 'string' ? end : '';
  for (const name of empty) onFile(name, isFailed(name, complaints) ? 'failed' : Buffer.alloc(0));
  if (typeof end !== 'string') {
    onFile(end, 'hangs');
    return { count, hanging: end };
  }
  if (count < part.length) {
    throw new CannotTellError(`the processes of this host cannot be read: ${lastLine(complaints)}`);
  }
  return { count };
}

/** Watches which file the child has open: reading a file takes microseconds, and never a second. */
function watchReading(
  child: LookingChild,
  part: readonly ProcFileName[],
): { readonly hangs: Promise<ProcFileName>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const hangs = new Promise<ProcFileName>((resolve) => {
    let last: string | undefined;
    let looks = 0;
    timer = setInterval(() => {
      const open = openFileOf(child.pid);
      looks = open !== undefined && open === last ? looks + 1 : 0;
      last = open;
      if (looks < HANGS_AFTER_LOOKS) return;
      const name = part.find(({ pid, file }) => open === `/proc/${pid}/${file}`);
      if (!name) return;
      child.giveUp(keyOf(name), `/proc/${name.pid}/${name.file}`, ownerOf(name));
      resolve(name);
    }, LOOK_AGAIN_MS);
  });
  return { hangs, stop: () => clearInterval(timer) };
}

function openFileOf(pid: number | undefined): string | undefined {
  try {
    // The descriptor after stdin, stdout and stderr.
    return readlinkSync(`/proc/${pid}/fd/3`);
  } catch {
    return undefined;
  }
}

/** All of them wait for locks of the same process. */
function keyOf({ pid }: ProcFileName): string {
  return `process ${pid}`;
}

/** Undefined for one that has gone. */
function ownerOf({ pid }: ProcFileName): number | undefined {
  return readStatus(pid)?.credentials.uid;
}

function separatorOf(environment: Readonly<Record<string, string>>): Buffer {
  const variables = Object.entries(lookingEnvironment(environment));
  return Buffer.from(variables.map(([name, value]) => `${name}=${value}\0`).join(''));
}

/** `head: cannot open '12/environ' for reading: Permission denied`. */
function isFailed({ pid, file }: ProcFileName, complaints: string): boolean {
  const line = complaints.split('\n').find((text) => text.includes(`${pid}/${file}'`));
  return line !== undefined && !/No such (file|process)/.test(line);
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) || 'the child that reads them was ended';
}
