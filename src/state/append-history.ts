import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Where the file goes when it is full; what was there is gone then. */
export function olderHistoryFile(file: string): string {
  return `${file}.1`;
}

/**
 * Appends whole lines, all or none, and has them on the disk. A file that they would make larger than `limitBytes` is
 * put aside first. After a line that a crash has torn a new one is begun.
 */
export async function appendHistory(file: string, lines: string, limitBytes: number): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  if (await tryAppend(file, lines, limitBytes)) return;
  await rename(file, olderHistoryFile(file));
  await tryAppend(file, lines, Number.POSITIVE_INFINITY);
}

/** False, and nothing was written, where there is no room for it. */
async function tryAppend(file: string, lines: string, limitBytes: number): Promise<boolean> {
  // Opened anew each time: whoever moves it away, or fills the disk, disturbs one write at most.
  const handle = await open(file, 'a+', 0o600);
  try {
    const stats = await handle.stat();
    const { size } = stats;
    if (size > 0 && size + Buffer.byteLength(lines) > limitBytes) return false;
    const text = (await endsInMidLine(handle, size)) ? `\n${lines}` : lines;
    try {
      await handle.appendFile(text);
    } catch (error) {
      // What did not fit must not stand there half, and twice when it is tried again.
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
