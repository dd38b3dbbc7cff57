import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { walkPath } from './walk-path.js';

/** The user who relies on a file. */
interface Reader {
  readonly uid: number;
  readonly gid: number;
}

/** A place where somebody else could change the file or replace it. */
interface UntrustedPlace {
  /** The file itself, a folder on the way to it, or a link. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
  /** The rest of a sentence that begins with the path: `belongs to uid 1000`. */
  readonly problem: string;
  /** The command that repairs it. */
  readonly remedy: string;
}

/** The user of this process. */
export function ownIdentity(): Reader {
  return { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
}

/**
 * Finds the first place on the way to a file that a user other than root and the reader owns or may write to. Folders
 * and links count like the file, because a user who may rename a folder decides what is found under its name. In a folder
 * with the sticky bit, such as /tmp, each user controls only his own files. The group of root counts as root, and the
 * reader's own group as the reader, unless that is root. Access lists are seen only as far as the mode shows them.
 * Undefined if there is no such place, or if the path cannot be inspected: then it cannot be read either.
 */
export function findUntrustedPlace(path: string, reader: Reader = ownIdentity()): UntrustedPlace | undefined {
  try {
    return judge('/', lstatSync('/'), reader) ?? findOnTheWay(path, reader);
  } catch {
    return undefined;
  }
}

function findOnTheWay(path: string, reader: Reader): UntrustedPlace | undefined {
  const walk = walkPath(path);
  let step = walk.next();
  while (!step.done) {
    const entry = step.value;
    const stats = lstatSync(entry);
    const untrusted = judge(entry, stats, reader);
    if (untrusted) return untrusted;
    step = walk.next(stats.isSymbolicLink() ? readlinkSync(entry) : undefined);
  }
  return undefined;
}

function judge(path: string, stats: Stats, reader: Reader): UntrustedPlace | undefined {
  const kind = stats.isSymbolicLink() ? 'link' : stats.isDirectory() ? 'folder' : 'file';
  const owner = reader.uid === 0 ? 'root' : String(reader.uid);
  if (!isTrusted(stats.uid, reader)) {
    const remedy = kind === 'link' ? `chown -h ${owner} ${path}` : `chown ${owner} ${path}`;
    return { path, kind, problem: `belongs to uid ${stats.uid}`, remedy };
  }
  const writers = kind === 'link' ? undefined : findWriters(stats, reader);
  if (!writers) return undefined;
  const mode = `0${(stats.mode & 0o7777).toString(8).padStart(3, '0')}`;
  const remedy = kind === 'file' ? `chmod 600 ${path}` : `chmod go-w ${path}`;
  return { path, kind, problem: `can be written by ${writers} (mode ${mode})`, remedy };
}

function isTrusted(uid: number, reader: Reader): boolean {
  return uid === 0 || uid === reader.uid;
}

/** Undefined if only the owner may write. */
function findWriters(stats: Stats, reader: Reader): string | undefined {
  if (stats.isDirectory() && (stats.mode & 0o1000) !== 0) return undefined;
  if ((stats.mode & 0o002) !== 0) return 'every user';
  const isOwnGroup = stats.gid === 0 || (reader.uid !== 0 && stats.gid === reader.gid);
  return (stats.mode & 0o020) !== 0 && !isOwnGroup ? `group ${stats.gid}` : undefined;
}
