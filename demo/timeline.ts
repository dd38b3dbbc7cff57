import { formatLocalTime } from './local-time.js';
import type { LogLine } from './log-feed.js';
import type { Screen, Style } from './screen.js';

/** As long as the longest name here, `demo-broken-` and the six characters of the folder. */
const SUBJECT_WIDTH = 18;

/** Shows the log as it happens, each line with its distance from the last commit. */
export class Timeline {
  #committedAt: number | undefined;
  #held: LogLine[] | undefined;

  constructor(private readonly screen: Screen) {}

  /**
   * Runs the statement that raises an alarm; the moment at which it returned is the commit. Lines that arrive before
   * that are shown right after it: the service can be faster than the answer to our statement.
   */
  async commit(statement: () => Promise<unknown>): Promise<number> {
    this.#held = [];
    try {
      await statement();
      this.#committedAt = performance.now();
      return this.#committedAt;
    } finally {
      const held = this.#held;
      this.#held = undefined;
      for (const line of held) this.show(line);
    }
  }

  /** From here on lines belong to no commit, and show the time of day. */
  forget(): void {
    this.#committedAt = undefined;
  }

  show(line: LogLine): void {
    if (this.#held !== undefined) {
      this.#held.push(line);
      return;
    }
    const { screen } = this;
    const when =
      this.#committedAt === undefined ? formatLocalTime() : formatOffset(line.arrivedAt - this.#committedAt);
    const head = `  ${when.padStart(12)}  ${line.subject.padEnd(SUBJECT_WIDTH)}  `;
    const style = styleOf(line);
    for (const [index, row] of screen.wrap(line.message, head.length).entries()) {
      const start = index === 0 ? screen.paint('dim', head) : ' '.repeat(head.length);
      screen.line(`${start}${style ? screen.paint(style, row) : row}`);
    }
  }
}

/** A distance from the commit: `+12.3 ms`. */
function formatOffset(ms: number): string {
  return `${ms < 0 ? '-' : '+'}${formatMs(Math.abs(ms))}`;
}

/** Tenths where they say something. */
export function formatMs(ms: number): string {
  return `${ms.toFixed(ms < 1000 ? 1 : 0)} ms`;
}

function styleOf({ level, message }: LogLine): Style | undefined {
  if (level === 'ERROR') return 'red';
  if (level === 'WARNING') return 'yellow';
  if (message.startsWith('alarm seen')) return 'cyan';
  if (message.startsWith('alarm cleared')) return ['bold', 'green'];
  if (/^verified|again after/.test(message)) return 'green';
  return undefined;
}
