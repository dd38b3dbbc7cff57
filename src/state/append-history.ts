import { constants } from 'node:fs';
import { type FileHandle, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openOwnFile } from '../lib/files/own-file.js';
import { syncFolder } from '../lib/files/write-file-atomically.js';

/** Where a full file is renamed to, replacing the file there. */
export function olderHistoryFile(file: string): string {
  return `${file}.1`;
}

/**
 * Appends whole lines, all or none, and syncs them to the disk. If they would make the file larger than `limitBytes`,
 * it is renamed first. After a line that a crash cut off, a new line is begun.
 */
export async function appendHistory(file: string, lines: string, limitBytes: number): Promise<void> {
  if (await tryAppend(file, lines, limitBytes)) return;
  await rename(file, olderHistoryFile(file));
  await syncFolder(dirname(file));
  await tryAppend(file, lines, Number.POSITIVE_INFINITY);
}

/** False, and nothing was written, if there is no room. */
async function tryAppend(file: string, lines: string, limitBytes: number): Promise<boolean> {
  // Opened for each write: moving the file, or filling the disk, disturbs at most one write.
  const { O_RDWR, O_APPEND, O_CREAT } = constants;
  const handle = await openOwnFile(file, O_RDWR | O_APPEND | O_CREAT, 0o600);
  try {
    const stats = await handle.stat();
    const { size } = stats;
    if (size > 0 && size + Buffer.byteLength(lines) > limitBytes) return false;
    const text = (await endsInMidLine(handle, size)) ? `\n${lines}` : lines;
    try {
      await handle.appendFile(text);
    } catch (error) {
      // A partial write must not stay there, or the record would be there twice after the next try.
      if (stats.isFile()) await handle.truncate(size).catch(() => {});
      throw error;
    }
    if (stats.isFile()) await handle.datasync();
    return true;
  } finally {
    await handle.close();
  }
}

async function endsInMidLine(handle: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return bytesRead === 1 && buffer[0] !== LINE_FEED;
}

const LINE_FEED = 0x0a;
