import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { PROGRAM } from '../program.js';

/** Generous: it says that the words never come, not that they come late. */
const DEADLINE_MS = 60_000;

/** A command that asks and is answered. */
interface Conversation {
  /** Waits until this has been said after what was waited for before. */
  hear(words: string | RegExp): Promise<void>;
  say(text: string): void;
  /** Ends the input; resolves when the command has ended. */
  end(): Promise<{ readonly code: number | null; readonly heard: string }>;
}

/** Calls the built program with its input and output as pipes. */
export function converse(args: readonly string[]): Conversation {
  return converseWith(process.execPath, [PROGRAM, ...args]);
}

/** The same at a pseudo-terminal; the exit code is that of the command. */
export function converseAtTerminal(args: readonly string[]): Conversation {
  const command = [process.execPath, PROGRAM, ...args].map((word) => `'${word}'`).join(' ');
  const env = { ...process.env, TERM: 'xterm', SHELL: '/bin/sh' };
  return converseWith('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], {
    env,
  });
}

export function converseWith(
  file: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Conversation {
  const child = spawn(file, [...args], { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  onTestFinished(() => void child.kill('SIGKILL'));
  let heard = '';
  let from = 0;
  let look = (): void => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
      look();
    });
  }
  // A command that has ended needs no answer.
  child.stdin?.on('error', () => {});
  return {
    hear: (words) =>
      new Promise((resolve, reject) => {
        const fail = (why: string): void => reject(new Error(`not heard: ${words}, ${why}, but:\n${heard}`));
        const timer = setTimeout(() => fail('waited in vain'), DEADLINE_MS);
        look = () => {
          const rest = heard.slice(from);
          const found = typeof words === 'string' ? rest.indexOf(words) : rest.search(words);
          if (found < 0) return;
          clearTimeout(timer);
          look = () => {};
          from += found + (typeof words === 'string' ? words.length : 1);
          resolve();
        };
        look();
        void closed.then(() => {
          clearTimeout(timer);
          fail('it has ended');
        });
      }),
    say: (text) => void child.stdin?.write(text),
    async end() {
      child.stdin?.end();
      await closed;
      return { code: child.exitCode, heard };
    },
  };
}
