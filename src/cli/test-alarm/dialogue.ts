import { createInterface } from 'node:readline';
import { type Cell, createPaint, type Paint, wantsColour } from '../shared/terminal.js';

/** Questions and answers, at a terminal or through pipes. */
export interface Dialogue {
  readonly paint: Paint;
  /** Whether a person sits there, who can be asked whether that is really meant. */
  readonly isAtTerminal: boolean;
  /** True when Ctrl-C ended it. */
  readonly isInterrupted: boolean;
  say(...lines: readonly Cell[]): void;
  /** For lines that have got their colours already. */
  sayPainted(lines: readonly string[]): void;
  /** The answer without spaces around it; undefined at the end of the input. */
  ask(question: string): Promise<string | undefined>;
  close(): void;
}

export function openDialogue(stdin = process.stdin, stdout = process.stdout): Dialogue {
  const isAtTerminal = stdin.isTTY === true && stdout.isTTY === true;
  const reader = createInterface({ input: stdin, output: stdout, terminal: isAtTerminal });
  // From here on, so that no line of a pipe is lost.
  const lines = reader[Symbol.asyncIterator]();
  const paint = createPaint(wantsColour(stdout));
  let isInterrupted = false;
  let isClosed = false;
  reader.once('close', () => {
    isClosed = true;
  });
  // A terminal in raw mode hands Ctrl-C over as a key. What is being written to the database is finished first.
  reader.on('SIGINT', () => {
    isInterrupted = true;
    reader.close();
  });
  // Whoever read our output has gone.
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
      // A terminal that was closed meanwhile cannot show it; of a pipe there may be lines left.
      if (isClosed && isAtTerminal) return undefined;
      if (isAtTerminal) {
        reader.setPrompt(question);
        reader.prompt();
      } else write(question);
      const { done, value } = await lines.next();
      // Where nobody types, nothing ends the line of the question.
      if (done) write('\n');
      else if (!isAtTerminal) write(`${paint(value)}\n`);
      return done ? undefined : value.trim();
    },
    close: () => reader.close(),
  };
}
