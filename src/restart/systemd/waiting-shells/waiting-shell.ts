import { closeSync, constants, openSync, rmSync, writeSync } from 'node:fs';
import { deadlineWatchdog } from './deadline-watchdog.js';

const { O_RDWR, O_WRONLY, O_NONBLOCK } = constants;

/**
 * Our end of the FIFO of a waiting shell. It is open before the unit of the shell starts, and the kernel closes it
 * when this service ends, in whatever way. The shell then reads the end of the FIFO. It ends too, at the latest when it has
 * ended the commands whose deadline nobody else watches any more.
 */
export class WaitingShell {
  /** Open until the shell gets its line, because the shell may not have opened its own end yet. */
  readonly #both: number;
  readonly #writing: number;
  #isOpen = true;

  /** Throws what `open` throws. */
  constructor(
    readonly unit: string,
    private readonly fifo: string,
  ) {
    this.#both = openSync(fifo, O_RDWR | O_NONBLOCK);
    try {
      this.#writing = openSync(fifo, O_WRONLY | O_NONBLOCK);
      // The shell reads it when it begins to wait: the line of its command costs no more for it.
      writeSync(this.#writing, deadlineWatchdog());
    } catch (error) {
      closeSync(this.#both);
      throw error;
    }
  }

  /** Sends the shell its line. Returns false if the shell does not wait any more; then nobody ever reads the line. */
  tell(line: string): boolean {
    if (!this.#isOpen) return false;
    // With our own reading end closed, the kernel refuses the line (EPIPE) if the shell has gone or does not wait
    // yet.
    closeSync(this.#both);
    this.#isOpen = false;
    try {
      // A line is shorter than PIPE_BUF, so it is written completely or not at all.
      return writeSync(this.#writing, line) === Buffer.byteLength(line);
    } catch {
      return false;
    } finally {
      this.#letGo();
    }
  }

  /** Ends the shell. */
  close(): void {
    if (!this.#isOpen) return;
    closeSync(this.#both);
    this.#isOpen = false;
    this.#letGo();
  }

  #letGo(): void {
    closeSync(this.#writing);
    rmSync(this.fifo, { force: true });
  }
}
