import type { Writable } from 'node:stream';

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
