import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  type Stats,
  statSync,
} from 'node:fs';
import { findUntrustedPlace, ownIdentity } from '../../lib/files/find-untrusted-place.js';

/** A small text file and who may read it, or why it cannot be used. */
type FileReading =
  | { readonly text: string; readonly exposure: FileAccess; readonly mode: string }
  | { readonly problem: string; readonly line: number };

/** Who may read a file besides its owner. Group root does not count. */
export interface FileAccess {
  /** Undefined if the file may hold a secret (R24). */
  readonly readers?: 'its group' | 'every user';
}

/**
 * Reads a UTF-8 file, with or without a byte order mark. Content and permissions come from one descriptor, so they
 * belong to the same file even while it is being replaced.
 */
export function readTextFile(path: string): FileReading {
  let descriptor: number | undefined;
  try {
    // Without O_NONBLOCK, opening a FIFO would wait forever for its writer.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(descriptor);
    if (stats.isDirectory()) return unusable('is a folder, allowed: a text file');
    if (!stats.isFile()) return unusable('is not a regular file, allowed: a text file');
    if (stats.size > MAX_BYTES)
      return unusable(`is larger than ${MAX_BYTES} bytes, allowed: a small text file`);
    const bytes = readFileSync(descriptor);
    const text = decodeUtf8(bytes);
    return text === undefined
      ? {
          problem: 'is not UTF-8, allowed: UTF-8 (iconv -f LATIN1 -t UTF-8 converts)',
          line: findBadLine(bytes),
        }
      : { text, exposure: exposureOf(stats), mode: `0${(stats.mode & 0o777).toString(8)}` };
  } catch (error) {
    return unusable(describeFailure(error));
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Why a file that another part reads later cannot be read or relied on; undefined if it can. */
export function checkReadable(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isFile() ? checkTrusted(path) : 'is not a regular file, allowed: a text file';
  } catch (error) {
    return describeFailure(error);
  }
}

/**
 * Why a file cannot be trusted: another user could change it, and the service runs commands as root. Undefined if nobody
 * else can change it.
 */
export function checkTrusted(path: string): string | undefined {
  const untrusted = findUntrustedPlace(path);
  if (!untrusted) return undefined;
  const { kind, problem, remedy } = untrusted;
  const where = {
    file: '',
    folder: `is in ${untrusted.path}, which `,
    link: `is found by the link ${untrusted.path}, which `,
  };
  const allowed = ownIdentity().uid === 0 ? 'only root can change' : 'only you and root can change';
  return `${where[kind]}${problem}, allowed: a file and folders that ${allowed} (${remedy})`;
}

export const FILE_MISSING = 'does not exist, allowed: a text file';
const MAX_BYTES = 1024 * 1024;

function unusable(problem: string): FileReading {
  return { problem, line: 1 };
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** A line feed is never part of a longer UTF-8 sequence, so the lines can be tried one by one. */
function findBadLine(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; ; line++) {
    const end = bytes.indexOf(0x0a, start);
    if (end === -1 || decodeUtf8(bytes.subarray(start, end)) === undefined) return line;
    start = end + 1;
  }
}

/** Who has access besides the owner, by the permissions. */
export function exposureOf({ mode, gid }: Pick<Stats, 'mode' | 'gid'>): FileAccess {
  const readers = mode & 0o004 ? 'every user' : mode & 0o040 && gid !== 0 ? 'its group' : undefined;
  return readers ? { readers } : {};
}

function describeFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return FILE_MISSING;
  if (code === 'EACCES' || code === 'EPERM') return 'is not readable by this user, allowed: a readable file';
  return `cannot be read (${code}), allowed: a readable file`;
}
