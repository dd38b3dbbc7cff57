import {
  appendFileSync,
  closeSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
} from 'node:fs';
import { dirname, join, parse } from 'node:path';
import pinoRoll, { type RollStream } from 'pino-roll';
import type { LoggingConfig } from '../../../config/config.js';
import { ownIdentity } from '../../../lib/files/find-untrusted-place.js';
import { judgeOwnFile } from '../../../lib/files/own-file.js';

/** Far above the longest line. Nothing is queued: the stream writes at once, and is replaced when it fails. */
const MAX_BUFFERED = 4 * 1024 * 1024;

/**
 * Opens the numbered file that continues `config.file`: it rotates at `maxLogSizeKb`. Each file, the first one
 * too, is told by the event `ready`. `onError` is called for every failure after opening. Throws if the file cannot be
 * opened.
 */
export async function openRotatingFile(
  config: LoggingConfig,
  onError: (roll: RollStream, error: unknown) => void,
): Promise<RollStream> {
  makeLogDirectory(config.file);
  for (const name of readdirSync(dirname(config.file))) {
    if (name.startsWith(`${parse(config.file).name}.`)) refuseForeignEntry(join(dirname(config.file), name));
  }
  const roll = await pinoRoll({
    file: config.file,
    size: `${config.maxLogSizeKb}k`,
    sync: true,
    append: true,
    mode: 0o640,
    maxLength: MAX_BUFFERED,
  });
  roll.on('error', (error) => onError(roll, error));
  roll.on('ready', () => {
    const problem = findForeignLog(roll);
    if (problem) onError(roll, problem);
  });
  try {
    const problem = findForeignLog(roll);
    if (problem) throw problem;
    endUnfinishedLine(roll.file);
  } catch (error) {
    roll.destroy();
    throw error;
  }
  return roll;
}

/** Throws if it neither exists nor can be created. */
export function makeLogDirectory(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o750 });
}

/**
 * pino-roll follows links and creates their targets, and at a FIFO it waits for a reader, and the service with it. So both
 * are refused before a file is opened under the name. Throws.
 */
export function refuseForeignEntry(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isFIFO()) throw new Error(`${path} is not a regular file: move it away`);
  if (!stats?.isSymbolicLink() || stats.uid === 0 || stats.uid === ownIdentity().uid) return;
  throw new Error(`${path} is a symbolic link of uid ${stats.uid}, which is not followed: remove it`);
}

/** The file that the next rotation begins. */
export function nextLogFile(activeFile: string): string {
  return activeFile.replace(/\.(\d+)(?=(\.[^./]+)?$)/, (_, number: string) => `.${Number(number) + 1}`);
}

/** Before the first line is written to it. */
function findForeignLog(roll: RollStream): Error | undefined {
  const problem = judgeOwnFile(fstatSync(roll.fd));
  return problem === undefined ? undefined : new Error(`${roll.file} ${problem}: move it away`);
}

/** A full disk or a power cut can leave half a line. The next line must not continue it. */
function endUnfinishedLine(file: string): void {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const last = Buffer.alloc(1);
    if (size === 0 || readSync(descriptor, last, 0, 1, size - 1) === 0 || last.toString() === '\n') return;
  } finally {
    closeSync(descriptor);
  }
  appendFileSync(file, '\n');
}
