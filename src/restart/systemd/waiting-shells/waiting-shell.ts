import { closeSync, constants, openSync, rmSync, writeSync } from 'node:fs';

const { O_RDWR, O_WRONLY, O_NONBLOCK } = constants;

/**
 * Our end of a FIFO at which a shell waits. It is open before the unit of the shell starts, and the kernel closes it
 * when this service ends, however it ends: then the shell reads the end of the FIFO, and ends too.
 */
export class WaitingShell {
  /** Until the shell is told: the shell need not have opened its own end yet. */
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
    } catch (error) {
      closeSync(this.#both);
      throw error;
    }
  }

  /** Tells the shell what to become. False: nobody waits there any more, and nobody ever reads it. */
  tell(line: string): boolean {
    if (!this.#isOpen) return false;
    // Without a reader of our own the kernel refuses the line (EPIPE) where the shell is gone, or has not begun to wait.
    closeSync(this.#both);
    this.#isOpen = false;
    try {
      // A line is shorter than PIPE_BUF: all of it is written, or nothing.
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
