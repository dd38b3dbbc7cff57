import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { RollStream } from 'pino-roll';
import type { LoggingConfig } from '../../../config/config.js';
import { describeError } from '../../../domain/errors.js';
import { makeWellKnownLink, pointCurrentLink } from './log-links.js';
import { makeLogDirectory, openRotatingFile, removeOldLogFiles } from './open-rotating-file.js';

/** What the file has to say about itself, and where that line may go. */
type FileReporter = (level: 'WARNING' | 'ERROR', message: string, to: LineTarget) => void;
export type LineTarget = 'file' | 'stdout' | 'both';

/** Closing waits for fsync; a disk that hangs must not hold up the end of the service. In ms. */
const LONGEST_CLOSE = 2000;

/**
 * The rotating log file that survives its disk (R13). A stream of pino-roll that failed keeps writing to a wrong
 * or deleted file, so it is thrown away at its first error and a new one is opened every `reopenAfterMs` until
 * that works. Lines in between are counted as missing. Each line is written when `write` returns.
 */
export class RollingFile {
  readonly #config: LoggingConfig;
  readonly #reopenAfterMs: number;
  readonly #report: FileReporter;
  readonly #warned = new Set<string>();
  #roll: RollStream | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;
  /** Failure was reported, recovery was not. */
  #failing = false;
  #missing = 0;

  private constructor(config: LoggingConfig, reopenAfterMs: number, report: FileReporter) {
    this.#config = config;
    this.#reopenAfterMs = reopenAfterMs;
    this.#report = report;
  }

  /** Never rejects: a file that cannot be opened is reported and tried again. */
  static async open(
    config: LoggingConfig,
    reopenAfterMs: number,
    report: FileReporter,
  ): Promise<RollingFile> {
    const file = new RollingFile(config, reopenAfterMs, report);
    await file.#open();
    return file;
  }

  /** Never throws. */
  write(line: string): void {
    if (!this.#closed && !this.#put(line)) this.#missing += 1;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    const roll = this.#roll;
    this.#roll = undefined;
    if (this.#missing > 0) {
      this.#report(
        'WARNING',
        `the log file ${this.#config.file} is closed; ${count(this.#missing)} missing from it`,
        'both',
      );
    }
    if (!roll) return;
    const closed = once(roll, 'close', { signal: AbortSignal.timeout(LONGEST_CLOSE) });
    roll.end();
    await closed.catch(() => undefined);
  }

  #put(line: string): boolean {
    const roll = this.#roll;
    if (!roll) return false;
    try {
      // A deleted file takes lines without an error, for ever: only its path shows that it is gone.
      if (!existsSync(roll.file)) this.#beginAgain(roll);
      // Fails by an `error` event during this call, which takes `#roll` away.
      roll.write(line);
    } catch (error) {
      this.#fail(roll, error);
    }
    return this.#roll === roll;
  }

  #beginAgain(roll: RollStream): void {
    makeLogDirectory(roll.file);
    roll.reopen();
    this.#link(roll);
    this.#report('WARNING', `the log file ${roll.file} was removed; a new one begins here`, 'both');
  }

  async #open(): Promise<void> {
    try {
      const roll = await openRotatingFile(this.#config, (failed, error) => this.#fail(failed, error));
      if (this.#closed) roll.destroy();
      else await this.#take(roll);
    } catch (error) {
      this.#complain(error);
    }
  }

  async #take(roll: RollStream): Promise<void> {
    this.#roll = roll;
    roll.on('ready', () => this.#link(roll));
    this.#link(roll);
    this.#warnIfThrows(() => removeOldLogFiles(roll.file, this.#config.logFilesToKeep));
    if (this.#failing) await this.#confirmRecovery(roll);
  }

  /** A full disk lets a file be opened: only a line that was written proves anything. */
  async #confirmRecovery(roll: RollStream): Promise<void> {
    const missing = this.#missing;
    const message = `the log file ${this.#config.file} is written again; ${count(missing)} missing from it`;
    this.#report('WARNING', message, 'file');
    if (this.#roll !== roll) {
      this.#missing = missing;
      return;
    }
    // A rotation that this line made due fails only after it.
    await setImmediate();
    if (this.#roll !== roll) return;
    this.#failing = false;
    this.#missing = 0;
    this.#report('WARNING', message, 'stdout');
  }

  #fail(roll: RollStream, error: unknown): void {
    // A stream that was already replaced or closed has nothing to say any more.
    if (this.#roll !== roll) return;
    this.#roll = undefined;
    roll.destroy();
    this.#complain(error);
  }

  #complain(error: unknown): void {
    if (this.#closed) return;
    this.#retry = setTimeout(() => void this.#open(), this.#reopenAfterMs).unref();
    if (this.#failing) return;
    this.#failing = true;
    const reason = describeError(error);
    this.#report(
      'ERROR',
      `the log file ${this.#config.file} cannot be written: ${reason}; logging to stdout only`,
      'stdout',
    );
  }

  #link(roll: RollStream): void {
    this.#warnIfThrows(() => pointCurrentLink(roll.file));
    this.#warnIfThrows(() => makeWellKnownLink(this.#config.file));
  }

  /** What only makes the log handier is reported once and holds nothing up. */
  #warnIfThrows(action: () => void): void {
    try {
      action();
    } catch (error) {
      const message = describeError(error);
      if (this.#warned.has(message)) return;
      this.#warned.add(message);
      this.#report('WARNING', message, 'both');
    }
  }
}

function count(lines: number): string {
  return lines === 1 ? '1 line is' : `${lines} lines are`;
}
