import { setTimeout as delay } from 'node:timers/promises';
import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

/** Columns; in less room rows of single words would be worse than what the terminal does. */
const NARROWEST = 40;

/** What the demo writes: headings, narration, SQL and log lines, in colour on a terminal only. */
export class Screen {
  readonly #colour = process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';

  heading(text: string): void {
    this.line(`\n${this.paint('bold', text)}`);
  }

  say(text: string): void {
    this.line(text);
  }

  sql(statement: string): void {
    this.line(`  ${this.paint('dim', 'sql>')} ${this.paint('cyan', statement)}`);
  }

  /** A file as it is, set in. */
  file(text: string): void {
    for (const line of text.trimEnd().split('\n')) {
      const style = line.startsWith('[') ? 'bold' : line.startsWith(';') ? 'dim' : undefined;
      this.line(`    ${style ? this.paint(style, line) : line}`.trimEnd());
    }
  }

  line(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  paint(style: Style, text: string): string {
    return this.#colour ? styleText(style, text, { validateStream: false }) : text;
  }

  /** The rows of a text that begins in this column of the terminal; elsewhere, or where there is no room, it stays one row. */
  wrap(text: string, column: number): string[] {
    const width = (process.stdout.columns ?? 0) - column;
    if (width < NARROWEST) return [text];
    const rows: string[] = [];
    for (const word of text.split(' ')) {
      const last = rows.at(-1);
      if (last !== undefined && last.length + 1 + word.length <= width)
        rows[rows.length - 1] = `${last} ${word}`;
      else rows.push(word);
    }
    return rows;
  }

  /** Time to read, where somebody watches. */
  async breathe(): Promise<void> {
    if (process.stdout.isTTY === true) await delay(900);
  }
}
