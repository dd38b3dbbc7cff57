import { execFileSync } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { monotonicMs } from './monotonic.js';

export interface Heard {
  /** What the command said of itself. */
  readonly word: string;
  /** Monotonic ms. */
  readonly at: number;
}

/**
 * Tells when commands run. A command writes one line into a FIFO, with nothing but what every /bin/sh has built in, and
 * the bench looks at the clock when the line arrives. To let the command ask the clock would need a program, whose start
 * takes longer than all that is to be measured.
 */
export interface CommandClock {
  /** A command for /bin/sh that says `text`, then ends well. `%s` in it is the name, where the service puts one in. */
  command(text: string): string;
  /** Hears everything that is said; answers how to stop. */
  listen(listener: (heard: Heard) => void): () => void;
  /** When this is said next; to be called before what leads to it. Rejects where it is not said. */
  next(word: string): Promise<number>;
  close(): void;
}

/** Generous: it says that a command never came. */
const DEADLINE_MS = 120_000;

/** `file` is made, and removed by whoever made its directory. Commands may know it by another name: `knownAs`. */
export function openCommandClock(file: string, knownAs = file): CommandClock {
  execFileSync('mkfifo', ['-m', '666', file]);
  // Also for writing: it has no end when the last command closes it, and no command ever waits for a reader.
  const pipe = new Socket({
    fd: openSync(file, constants.O_RDWR | constants.O_NONBLOCK),
    readable: true,
    writable: false,
  });
  const listeners = new Set<(heard: Heard) => void>();
  let rest = '';
  pipe.setEncoding('utf8').on('data', (text: string) => {
    const at = monotonicMs();
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const word of lines) for (const listener of [...listeners]) listener({ word, at });
  });
  const listen = (listener: (heard: Heard) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    command: (text) => `echo ${text} > ${knownAs}`,
    listen,
    next: (expected) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          stop();
          reject(new Error(`no command said: ${expected}`));
        }, DEADLINE_MS);
        const stop = listen(({ word, at }) => {
          if (word !== expected) return;
          clearTimeout(timer);
          stop();
          resolve(at);
        });
      }),
    close: () => void pipe.destroy(),
  };
}
