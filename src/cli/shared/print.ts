import { EXIT_FAILURE } from './exit-codes.js';
import { type Cell, createPaint, wantsColour } from './terminal.js';

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
