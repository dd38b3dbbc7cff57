import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { writeOut } from '../shared/output.js';
import { type Cell, createPaint, type Paint, wantsColour } from '../shared/terminal.js';

interface MaybeTerminal {
  readonly isTTY?: boolean;
}

/** Questions and answers, at a terminal or through pipes. */
export interface Dialogue {
  readonly paint: Paint;
  /** Whether a person types the answers and can be asked for confirmation. */
  readonly isAtTerminal: boolean;
  /** Whether Ctrl-C ended the dialogue. */
  readonly isInterrupted: boolean;
  say(...lines: readonly Cell[]): void;
  /** For lines that are already coloured. */
  sayPainted(lines: readonly string[]): void;
  /** Asks a question. Resolves to the answer without surrounding spaces; undefined at the end of the input. */
  ask(question: string): Promise<string | undefined>;
  /** Resolves when everything that was said is written. */
  close(): Promise<void>;
}

/** Begins a dialogue. Reads the input from now on, until `close` or its end. */
export function openDialogue(
  stdin: Readable & MaybeTerminal = process.stdin,
  stdout: Writable & MaybeTerminal = process.stdout,
): Dialogue {
  const isAtTerminal = stdin.isTTY === true && stdout.isTTY === true;
  const reader = createInterface({ input: stdin, output: stdout, terminal: isAtTerminal });
  // Created here, so that no line of a pipe is lost.
  const lines = reader[Symbol.asyncIterator]();
  const paint = createPaint(wantsColour(stdout));
  let isInterrupted = false;
  let isClosed = false;
  reader.once('close', () => {
    isClosed = true;
  });
  // In raw mode the terminal sends Ctrl-C as a key. A write to the database that has begun is finished first.
  reader.on('SIGINT', () => {
    isInterrupted = true;
    reader.close();
  });
  // The reader has closed the pipe.
  stdout.once('error', () => reader.close());
  const write = (text: string): void => void stdout.write(text);
  return {
    paint,
    isAtTerminal,
    get isInterrupted() {
      return isInterrupted;
    },
    say: (...said) => write(said.map((line) => `${paint(line)}\n`).join('')),
    sayPainted: (said) => write(said.map((line) => `${line}\n`).join('')),
    async ask(question) {
      // A closed terminal cannot show the question. A pipe may still have lines.
      if (isClosed && isAtTerminal) return undefined;
      if (isAtTerminal) {
        reader.setPrompt(question);
        reader.prompt();
      } else write(question);
      const { done, value } = await lines.next();
      // Without a terminal, nothing else ends the line of the question.
      if (done) write('\n');
      else if (!isAtTerminal) write(`${paint(value)}\n`);
      return done ? undefined : value.trim();
    },
    close() {
      reader.close();
      return writeOut('', stdout);
    },
  };
}
