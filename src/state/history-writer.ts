import type { CycleRecord } from '../domain/cycle/cycle-record.js';
import { describeError } from '../domain/errors.js';
import { appendHistory } from './append-history.js';
import { formatHistoryLine } from './history-line.js';
import { PauseBetweenWrites } from './pause-between-writes.js';

interface HistoryWriterOptions {
  /** Read each time: a reload may change it. */
  readonly target: () => { readonly file: string; readonly limitBytes: number };
  /** Called after every failed write, and after every successful one with the number of records lost since the last. */
  readonly onFailure: (problem: string) => void;
  readonly onSuccess: (lost: number) => void;
}

/** At most this many records wait while nothing can be written; then the oldest are lost. */
const MAX_WAITING = 1000;
const CHUNK_BYTES = 32 * 1024;
/** Pause between two writes, ms. In a storm, the records that come meanwhile are written and synced together. */
const PAUSE_MS = 50;
/** From this many waiting records on there is no pause. Far below MAX_WAITING. */
const FEW_WAITING = 100;

/**
 * Writes the history, one write at a time, in the order of the records. A failed write is tried again with the next
 * record and at the end; nothing waits for it (R13).
 */
export class HistoryWriter {
  readonly #waiting: string[] = [];
  #lost = 0;
  #writing: Promise<void> | undefined;
  readonly #pause = new PauseBetweenWrites();

  constructor(private readonly options: HistoryWriterOptions) {}

  add(record: CycleRecord): void {
    this.#waiting.push(formatHistoryLine(record));
    if (this.#waiting.length > MAX_WAITING) {
      this.#waiting.shift();
      this.#lost += 1;
    }
    this.#start();
  }

  /** Resolves when all records so far have been written, or could not be. */
  async flush(): Promise<void> {
    this.#pause.end();
    await this.#writing;
    if (this.#waiting.length > 0) this.#start();
    await this.#writing;
  }

  #start(): void {
    this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    let goesWell = true;
    while (goesWell && this.#waiting.length > 0) {
      goesWell = await this.#writeChunk();
      if (goesWell && this.#waiting.length > 0 && this.#waiting.length < FEW_WAITING) {
        await this.#pause.wait(PAUSE_MS);
      }
    }
    // Synchronously after the last check: a record that comes then must see that no write is running.
    this.#writing = undefined;
  }

  async #writeChunk(): Promise<boolean> {
    const { target, onFailure, onSuccess } = this.options;
    const chunk = this.#takeChunk();
    try {
      const { file, limitBytes } = target();
      await appendHistory(file, chunk.join(''), limitBytes);
    } catch (error) {
      this.#giveBack(chunk);
      onFailure(describeError(error));
      return false;
    }
    onSuccess(this.#lost);
    this.#lost = 0;
    return true;
  }

  /** At least one line, even a long one. */
  #takeChunk(): string[] {
    let bytes = 0;
    let count = 0;
    for (const line of this.#waiting) {
      bytes += Buffer.byteLength(line);
      if (count > 0 && bytes > CHUNK_BYTES) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  /** More records may have come meanwhile. */
  #giveBack(chunk: readonly string[]): void {
    this.#waiting.unshift(...chunk);
    const surplus = this.#waiting.splice(0, Math.max(0, this.#waiting.length - MAX_WAITING));
    this.#lost += surplus.length;
  }
}
