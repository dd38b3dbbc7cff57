/** A line of the service's log, as it arrived here. */
export interface LogLine {
  readonly index: number;
  /** By `performance.now()`. */
  readonly arrivedAt: number;
  readonly level: string;
  /** The process that it is about, or `monitor_service`. */
  readonly subject: string;
  readonly message: string;
}

const PATIENCE_MS = 20_000;

/** All lines of the service's log so far, and the wait for one that is to come. */
export class LogFeed {
  readonly #lines: LogLine[] = [];
  readonly #waiting = new Set<() => void>();
  #ended: string | undefined;

  constructor(private readonly onLine: (line: LogLine) => void) {}

  get length(): number {
    return this.#lines.length;
  }

  /** Takes one line of JSON; anything else is not of the log. */
  take(json: string): void {
    const line = parse(json, this.#lines.length);
    if (line === undefined) return;
    this.#lines.push(line);
    this.onLine(line);
    this.#wake();
  }

  /** No line will come any more, for this reason. */
  end(reason: string): void {
    this.#ended ??= reason;
    this.#wake();
  }

  /**
   * The first line about `subject` that matches, from `index` on.
   *
   * @throws Error that names what did not come.
   */
  async find(subject: string, pattern: RegExp, index: number): Promise<LogLine> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = this.#lines
        .slice(index)
        .find((line) => line.subject === subject && pattern.test(line.message));
      if (found !== undefined) return found;
      if (this.#ended !== undefined) throw new Error(this.#ended);
      if (performance.now() >= deadline) {
        throw new Error(`no line ${pattern.source} for ${subject} within ${PATIENCE_MS / 1000} s`);
      }
      await this.#nextLine(deadline);
    }
  }

  #nextLine(deadline: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.max(0, deadline - performance.now()));
      this.#waiting.add(wake);
    });
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}

function parse(json: string, index: number): LogLine | undefined {
  const arrivedAt = performance.now();
  try {
    const { level, process: subject, msg } = Object(JSON.parse(json));
    return { index, arrivedAt, level: String(level), subject: String(subject), message: String(msg) };
  } catch {
    return undefined;
  }
}
