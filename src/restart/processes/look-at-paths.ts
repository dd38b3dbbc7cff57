import { readFileSync, readlinkSync } from 'node:fs';
import { CannotTellError } from '../../domain/cycle/restart-target.js';
import { hangingLooks } from './hanging-looks.js';
import { LookingChild } from './looking-child.js';

/** The result of stat(2) for a file. */
export interface FileFacts {
  /** Device and inode. Two paths with the same value are the same file. */
  readonly inode: string;
  readonly uid: number;
  readonly gid: number;
  /** Type and permissions, as in st_mode. */
  readonly mode: number;
}

/** What was found at the paths. Undefined if there is nothing. Asking for a path that was not looked at throws. */
export interface PathFacts {
  /** Follows links. */
  stat(path: string): FileFacts | undefined;
  lstat(path: string): FileFacts | undefined;
  /** For a symbolic link: what is written in it. */
  link(path: string): string | undefined;
  /** For a file that can be executed: its path without links. */
  executable(path: string): string | undefined;
}

/** Deadline, in ms. A look takes milliseconds, so a mount that needs longer counts as one without an answer (R33). */
const LIMIT_MS = 3000;

/**
 * Looks at paths that may belong to anybody, on mounts that may be dead: in one child per mount, with a deadline
 * (R33). Rejects with CannotTellError if one of them gives no answer or an unreliable one (R27).
 */
export function lookAtPaths(paths: Iterable<string>): Promise<PathFacts> {
  return lookBy(SCRIPT, paths);
}

/** Does the same, but only follows links: of what it returns only `stat` has answers. Starts fewer programs. */
export function lookAtFiles(paths: Iterable<string>): Promise<Pick<PathFacts, 'stat'>> {
  return lookBy(STAT, paths);
}

async function lookBy(script: string, paths: Iterable<string>): Promise<PathFacts> {
  const asked = new Set(paths);
  const mounts = readMountPoints();
  const byMount = new Map<string, string[]>();
  for (const path of asked) {
    const mount = mountOf(path, mounts);
    byMount.set(mount, [...(byMount.get(mount) ?? []), path]);
  }
  const records = await Promise.all([...byMount].map(([mount, group]) => lookInTurn(mount, group, script)));
  return createFacts(asked, records.flat());
}

/** The last look at each mount besides our own file system. */
const looks = new Map<string, Promise<unknown>>();

/** One look at a mount at a time: if the mount hangs, only one child hangs, however many callers ask. */
function lookInTurn(mount: string, paths: readonly string[], script: string): Promise<string[]> {
  if (mount === '/') return lookAt(mount, paths, script);
  const before = looks.get(mount) ?? Promise.resolve();
  const look = before.catch(() => {}).then(() => lookAt(mount, paths, script));
  looks.set(mount, look);
  const forget = (): void => {
    if (looks.get(mount) === look) looks.delete(mount);
  };
  look.then(forget, forget);
  return look;
}

/**
 * Prints for each path its stat with links followed, its own stat, for an executable file its path without links, and
 * for a link what is written in it. That is anybody's text: no record begins with it, and its last character is not a
 * line feed, which the shell would leave out.
 */
const SCRIPT = `stat -L --printf 'S%d:%i %u %g %f %n\\0' -- "$@"
stat --printf 'L%d:%i %u %g %f %n\\0' -- "$@"
for path do [ -f "$path" ] && [ -x "$path" ] && printf 'X%s\\0' "$path" && realpath -ez -- "$path"; done
for path do [ -L "$path" ] && printf 'T%s\\0=%s\\0' "$path" "$(readlink -n -- "$path"; printf .)"; done
printf 'E\\0'`;

const STAT = `stat -L --printf 'S%d:%i %u %g %f %n\\0' -- "$@"
printf 'E\\0'`;

async function lookAt(mount: string, paths: readonly string[], script: string): Promise<string[]> {
  // If one path on our own file system hangs because of a link, that does not mean that the whole file system hangs.
  const key = mount === '/' ? `paths ${paths.join('\0')}` : `mount ${mount}`;
  const subject = mount === '/' ? (paths.at(-1) ?? mount) : mount;
  if (hangingLooks.has(key)) throw noAnswer(subject);
  const chunks: Buffer[] = [];
  const child = new LookingChild(['/bin/sh', '-c', script, 'look', ...paths], {
    onData: (chunk) => chunks.push(chunk),
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), LIMIT_MS);
  });
  const complaints = await Promise.race([child.ended, late]).finally(() => clearTimeout(timer));
  if (complaints === undefined) {
    child.giveUp(key, subject);
    throw noAnswer(subject);
  }
  const [odd] = complaints.split('\n').filter((line) => line !== '' && !IS_AN_ANSWER.test(line));
  if (odd !== undefined) throw new CannotTellError(`${subject} cannot be looked at: ${odd}`);
  const records = Buffer.concat(chunks).toString('utf8').split('\0');
  if (records.at(-2) !== 'E') throw new CannotTellError(`${subject}: the look was ended`);
  return records.slice(0, -2);
}

/** These errors are answers too: the path leads to nothing, or we may not look. */
const IS_AN_ANSWER =
  /: (No such file or directory|Not a directory|Permission denied|Too many levels of symbolic links|File name too long|No such process)$/;

function noAnswer(subject: string): CannotTellError {
  return new CannotTellError(`${subject} gives no answer`, {
    remedy: 'bring its server back, or unmount it',
  });
}

function createFacts(asked: ReadonlySet<string>, records: readonly string[]): PathFacts {
  const targets = new Map<string, FileFacts>();
  const links = new Map<string, FileFacts>();
  const executables = new Map<string, string>();
  const written = new Map<string, string>();
  for (const [index, record] of records.entries()) {
    const [, inode = '', uid, gid, mode = '', path = ''] =
      /^[SL](\d+:\d+) (\d+) (\d+) ([0-9a-f]+) (.*)$/s.exec(record) ?? [];
    const facts = { inode, uid: Number(uid), gid: Number(gid), mode: Number.parseInt(mode, 16) };
    const next = records[index + 1];
    if (record.startsWith('S')) targets.set(path, facts);
    else if (record.startsWith('L')) links.set(path, facts);
    else if (record.startsWith('X') && next?.startsWith('/')) executables.set(record.slice(1), next);
    else if (record.startsWith('T') && next?.startsWith('=')) written.set(record.slice(1), next.slice(1, -1));
  }
  const of = <T>(facts: ReadonlyMap<string, T>, path: string): T | undefined => {
    if (!asked.has(path)) throw new Error(`${path} was not looked at`);
    return facts.get(path);
  };
  return {
    stat: (path) => of(targets, path),
    lstat: (path) => of(links, path),
    link: (path) => of(written, path),
    executable: (path) => of(executables, path),
  };
}

/** The mounts of this process, the longest first. */
function readMountPoints(): string[] {
  try {
    const points = readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .map((line) => unescapeOctal(line.split(' ')[1] ?? ''));
    return [...new Set(points)].filter((point) => point !== '').sort((a, b) => b.length - a.length);
  } catch {
    return [];
  }
}

/** Space, tab, line feed and backslash are written in octal. */
function unescapeOctal(point: string): string {
  return point.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** The mount of a path. A link in /proc leads to the mount of its file. */
function mountOf(path: string, mounts: readonly string[]): string {
  const real = path.startsWith('/proc/') ? targetOf(path) : path;
  return mounts.find((point) => real === point || real.startsWith(point === '/' ? '/' : `${point}/`)) ?? '/';
}

function targetOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return path;
  }
}
