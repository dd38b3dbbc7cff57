import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** Hands on what is appended to a file. */
interface FollowedFile {
  /** Reads what is there by now; it is read all the time anyway. */
  catchUp(): void;
  close(): void;
}

const EVERY_MS = 20;

/** It may come into being later. It is looked at, since no change in a mount of another host is told. */
export function followFile(file: string, onText: (text: string) => void): FollowedFile {
  const buffer = Buffer.alloc(65_536);
  const decoder = new StringDecoder('utf8');
  let descriptor: number | undefined;
  const catchUp = (): void => {
    if (descriptor === undefined && existsSync(file)) descriptor = openSync(file, 'r');
    if (descriptor === undefined) return;
    for (;;) {
      const count = readSync(descriptor, buffer);
      if (count === 0) return;
      onText(decoder.write(buffer.subarray(0, count)));
    }
  };
  const timer = setInterval(catchUp, EVERY_MS);
  return {
    catchUp,
    close() {
      clearInterval(timer);
      if (descriptor !== undefined) closeSync(descriptor);
    },
  };
}
