import type { Writable } from 'node:stream';
import { EXIT_FAILURE } from './exit-codes.js';
import { type Cell, createPaint, wantsColour } from './terminal.js';

/**
 * Writes and waits until it is written: the program ends with process.exit, which drops what a pipe has not taken yet.
 * A reader that has gone (`| head`) is no fault of ours: the rest is for nobody.
 */
export function writeOut(text: string, stream: Writable = process.stdout): Promise<void> {
  return new Promise((resolve) => {
    // Beside the callback, the error is an event that would end the program.
    if (stream.listenerCount('error') === 0) stream.on('error', () => {});
    stream.write(text, () => resolve());
  });
}

/** Writes lines to stdout, coloured where that is a terminal. */
export function printLines(...lines: readonly Cell[]): void {
  const paint = createPaint(wantsColour(process.stdout));
  process.stdout.write(lines.map((line) => `${paint(line)}\n`).join(''));
}

/** Whoever reads our output may leave, as `head` does; then there is nobody to tell anything. */
export function exitOnClosedPipe(): void {
  process.stdout.once('error', () => process.exit(EXIT_FAILURE));
}

/** One JSON value on one line. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
