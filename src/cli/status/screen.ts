/** A full-screen view that is redrawn in place. `close` restores what was on the terminal before. */
interface Screen {
  /** Draws the lines. Cuts off what does not fit. */
  show(lines: readonly string[]): void;
  close(): void;
}

const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const TO_END_OF_LINE = '\x1b[K';
const TO_END_OF_SCREEN = '\x1b[J';
const NO_WRAP = '\x1b[?7l';
const WRAP = '\x1b[?7h';

/** The part of a terminal that is needed. */
interface Terminal {
  readonly rows: number;
  write(text: string): unknown;
}

/** Takes over the terminal until `close`. */
export function openScreen(stdout: Terminal = process.stdout): Screen {
  stdout.write(ENTER + NO_WRAP);
  let isOpen = true;
  return {
    show(lines) {
      const fitting = lines.slice(0, Math.max(1, (stdout.rows || lines.length + 1) - 1));
      // Drawn over the old text, because clearing first would flicker.
      stdout.write(HOME + fitting.map((line) => `${line}${TO_END_OF_LINE}\n`).join('') + TO_END_OF_SCREEN);
    },
    close() {
      if (isOpen) stdout.write(WRAP + LEAVE);
      isOpen = false;
    },
  };
}
