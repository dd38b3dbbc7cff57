import type { Writable } from 'node:stream';
import { toPrintableJson } from '../../lib/printable-json.js';
import { EXIT_FAILURE } from './exit-codes.js';
import { type Cell, createPaint, wantsColour } from './terminal.js';

/**
 * Writes and waits until the text is written: the program ends with process.exit, which drops what a pipe has not
 * taken yet. A reader that has closed the pipe (`| head`) is no error.
 */
export function writeOut(text: string, stream: Writable = process.stdout): Promise<void> {
  return new Promise((resolve) => {
    // The error is also emitted as an event, which would end the program.
    if (stream.listenerCount('error') === 0) stream.on('error', () => {});
    stream.write(text, () => resolve());
  });
}

/** Writes lines to stdout, with colours on a terminal. Resolves when they are written. */
export function printLines(...lines: readonly Cell[]): Promise<void> {
  const paint = createPaint(wantsColour(process.stdout));
  return writeOut(lines.map((line) => `${paint(line)}\n`).join(''));
}

/** Ends the program when the reader has closed the pipe, as `head` does. */
export function exitOnClosedPipe(): void {
  process.stdout.once('error', () => process.exit(EXIT_FAILURE));
}

/** One JSON value on one line. Resolves when it is written. */
export function printJson(value: unknown): Promise<void> {
  return writeOut(`${toPrintableJson(value)}\n`);
}
