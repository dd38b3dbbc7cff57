/** Generous: it says that the line never comes, not that it comes late. */
const DEADLINE_MS = 60_000;

export interface SeenLine {
  readonly text: string;
  /** Its place among all lines; where to go on looking. */
  readonly index: number;
}

/** The lines that a program writes, and those who wait for one of them. */
export class LineWatch {
  readonly lines: string[] = [];
  readonly #waiting = new Set<() => void>();
  #ended = false;

  /** `describeMore` is put behind the log where a wait is in vain. */
  constructor(private readonly describeMore: () => string) {}

  take(line: string): void {
    this.lines.push(line);
    for (const look of [...this.#waiting]) look();
  }

  /** No line comes any more. */
  end(): void {
    this.#ended = true;
    for (const look of [...this.#waiting]) look();
  }

  text(): string {
    return `${this.lines.join('\n')}\n${this.describeMore()}`;
  }

  /** @throws Error with the whole log. */
  waitFor(pattern: RegExp, from: number, deadlineMs = DEADLINE_MS): Promise<SeenLine> {
    // Where it is called, so that the error tells which wait it was.
    const failure = new Error();
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        stop();
        failure.message = `no line ${pattern} from line ${from} on: ${why}\n${this.text()}`;
        reject(failure);
      };
      const timer = setTimeout(() => fail(`waited ${deadlineMs / 1000} s`), deadlineMs);
      let next = from;
      const look = (): void => {
        for (; next < this.lines.length; next += 1) {
          const text = this.lines[next] ?? '';
          if (!pattern.test(text)) continue;
          stop();
          resolve({ text, index: next });
          return;
        }
        if (this.#ended) fail('the program has ended');
      };
      const stop = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
      };
      this.#waiting.add(look);
      look();
    });
  }
}
