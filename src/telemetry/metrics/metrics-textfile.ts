import { open, rename, rm } from 'node:fs/promises';
import { describeError } from '../../domain/errors.js';

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
      await writeTextfile(file, await render());
      onSuccess();
    } catch (error) {
      onFailure(describeError(error));
    }
  }
}

/** node_exporter runs as a different user. */
const READABLE_BY_ALL = 0o644;

/**
 * Writes a file for node_exporter under another name and renames it, so that node_exporter never reads half a file. The
 * folder may belong to another user, who could have placed a symbolic link under that name: `wx` does not follow it.
 */
async function writeTextfile(file: string, text: string): Promise<void> {
  // node_exporter takes only names that end in .prom.
  const beside = `${file}.new`;
  await rm(beside, { force: true });
  try {
    const handle = await open(beside, 'wx', READABLE_BY_ALL);
    try {
      await handle.writeFile(text);
      // Independent of our umask.
      await handle.chmod(READABLE_BY_ALL);
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    throw error;
  }
}
