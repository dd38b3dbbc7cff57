import type { FileHandle } from 'node:fs/promises';
import type { CycleRecord } from '../domain/cycle/cycle-record.js';
import { openOwnFileToRead } from '../lib/files/open-own-file-to-read.js';
import { hasCode } from '../lib/has-code.js';
import { olderHistoryFile } from './append-history.js';
import { parseHistoryLine } from './history-line.js';

/**
 * The records of the history, in the order in which the cycles ended. Lines that are not records are left out. A
 * missing file is an empty history. Throws what the file system throws, and ForeignFileError for what is not ours.
 */
export async function* readHistory(file: string): AsyncGenerator<CycleRecord, void> {
  // Both are opened in this order before anything is read: if the file is renamed meanwhile, nothing is missed.
  const current = await openIfThere(file);
  const older = await openIfThere(olderHistoryFile(file)).catch(async (error: unknown) => {
    await current?.close();
    throw error;
  });
  try {
    if (older && !(await isSame(older, current))) yield* readRecords(older);
    if (current) yield* readRecords(current);
  } finally {
    await current?.close();
    await older?.close();
  }
}

async function* readRecords(handle: FileHandle): AsyncGenerator<CycleRecord, void> {
  for await (const line of handle.readLines({ autoClose: false })) {
    const record = parseHistoryLine(line);
    if (record) yield record;
  }
}

async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await openOwnFileToRead(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function isSame(one: FileHandle, other: FileHandle | undefined): Promise<boolean> {
  if (!other) return false;
  const [a, b] = await Promise.all([one.stat(), other.stat()]);
  return a.ino === b.ino && a.dev === b.dev;
}
