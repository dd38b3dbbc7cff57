import { describeError } from '../../domain/errors.js';
import { writeFileAtomically } from '../../lib/files/write-file-atomically.js';

interface MetricsTextfileOptions {
  readonly file: string;
  readonly everyMs: number;
  readonly render: () => Promise<string>;
  /** Called after every write that failed, or succeeded. */
  readonly onFailure: (problem: string) => void;
  readonly onSuccess: () => void;
}

/** Writes the textfile now and at intervals, one write at a time, and once more at the end. Never rejects (R13). */
export class MetricsTextfile {
  readonly #timer: NodeJS.Timeout;
  #writing: Promise<void> | undefined;

  constructor(private readonly options: MetricsTextfileOptions) {
    this.#timer = setInterval(() => void this.write(), options.everyMs);
    this.#timer.unref();
    void this.write();
  }

  /** Resolves when the present state has been written, or could not be. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#writing;
    await this.write();
  }

  write(): Promise<void> {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async #write(): Promise<void> {
    const { file, render, onFailure, onSuccess } = this.options;
    try {
      // Renamed, so that node_exporter never reads half a file; it takes only names that end in .prom.
      await writeFileAtomically(file, await render(), { mode: READABLE_BY_ALL, isFolderOurs: false });
      onSuccess();
    } catch (error) {
      onFailure(describeError(error));
    }
  }
}

/** node_exporter runs as a different user. */
const READABLE_BY_ALL = 0o644;
