import { constants, type Stats } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { judgeOwnFile } from '../../../lib/files/own-file.js';
import { hasCode } from '../../../lib/has-code.js';
import type { Sandbox } from './service-sandbox.js';

/** What was found about a folder that the service must write to. */
type FolderVerdict =
  | { readonly kind: 'writable' }
  /** Missing; the service will create it below `parent`. */
  | { readonly kind: 'to-be-made'; readonly parent: string }
  /** Every user may replace the files in it. */
  | { readonly kind: 'open-to-all'; readonly mode: string }
  /** This user may not write there. Root may be able to. */
  | { readonly kind: 'forbidden'; readonly folder: string }
  /** By its mode root may not write there, and the unit has no CAP_DAC_OVERRIDE. */
  | { readonly kind: 'of-another'; readonly folder: string; readonly uid: number; readonly mode: string }
  | { readonly kind: 'unusable'; readonly folder: string; readonly problem: string };

/**
 * Finds out whether this user could write to the folder. Writes nothing. Root always can, except on a read-only file
 * system.
 */
export async function inspectFolder(
  folder: string,
  sandbox: Pick<Sandbox, 'overridesModes'> | undefined,
): Promise<FolderVerdict> {
  const found = await nearestExisting(folder);
  try {
    const stats = await stat(found);
    if (!stats.isDirectory()) return { kind: 'unusable', folder: found, problem: 'is not a folder' };
    if (sandbox?.overridesModes === false && !mayRootWrite(stats))
      return { kind: 'of-another', folder: found, uid: stats.uid, mode: showMode(stats.mode) };
    await access(found, constants.W_OK | constants.X_OK);
    const { bavail, ffree, files } = await statfs(found);
    if (bavail === 0 || (files > 0 && ffree === 0))
      return { kind: 'unusable', folder: found, problem: 'has no space left' };
    if (found !== folder) return { kind: 'to-be-made', parent: found };
    // If the sticky bit is set, only the owner of a file may replace it.
    const isOpen = (stats.mode & 0o002) !== 0 && (stats.mode & 0o1000) === 0;
    return isOpen ? { kind: 'open-to-all', mode: showMode(stats.mode) } : { kind: 'writable' };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'EACCES' || code === 'EPERM') return { kind: 'forbidden', folder: found };
    const isReadOnly = code === 'EROFS';
    const problem = isReadOnly ? 'is on a read-only file system' : `cannot be used (${code})`;
    return { kind: 'unusable', folder: found, problem };
  }
}

/** Whether the mode alone lets root write, without CAP_DAC_OVERRIDE. */
function mayRootWrite({ uid, gid, mode }: Stats): boolean {
  const bits = uid === 0 ? mode >> 6 : gid === 0 ? mode >> 3 : mode;
  return (bits & 0o3) === 0o3;
}

/** Why the service would not use a file; undefined if it would, or if there is none. */
export async function inspectOwnFile(file: string): Promise<string | undefined> {
  const stats = await stat(file).catch(() => undefined);
  return stats && judgeOwnFile(stats);
}

interface FileFacts {
  /** In the notation of `chmod`. */
  readonly mode: string;
}

/** Owner and mode of a file; undefined if it cannot be inspected. */
export async function inspectFile(file: string): Promise<FileFacts | undefined> {
  return stat(file).then(
    ({ mode }) => ({ mode: showMode(mode) }),
    () => undefined,
  );
}

async function nearestExisting(path: string): Promise<string> {
  for (let current = path; ; current = dirname(current)) {
    const exists = await stat(current).then(
      () => true,
      (error: unknown) => !hasCode(error, 'ENOENT'),
    );
    if (exists || current === dirname(current)) return current;
  }
}

function showMode(mode: number): string {
  return `0${(mode & 0o7777).toString(8).padStart(3, '0')}`;
}
