import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { RollStream } from 'pino-roll';
import type { LoggingConfig } from '../../../config/config.js';
import { describeError } from '../../../domain/errors.js';
import { makeWellKnownLink, pointCurrentLink } from './log-links.js';
import { makeLogDirectory, nextLogFile, openRotatingFile, refuseForeignEntry } from './open-rotating-file.js';
import { removeOldLogFiles } from './remove-old-log-files.js';

/** Reports events of the log file itself. */
type FileReporter = (level: 'WARNING' | 'ERROR', message: string, to: LineTarget) => void;
export type LineTarget = 'file' | 'stdout' | 'both';

/** Closing waits for fsync. A hanging disk must not delay the end of the service. ms. */
const CLOSE_LIMIT_MS = 2000;

/**
 * The rotating log file, which survives failures of the disk (R13). After a failure, a stream of pino-roll keeps
 * writing to a wrong or deleted file. So it is dropped at its first error, and opening a new one is tried every
 * `reopenAfterMs`. Lines in between are counted as missing. A line is written when `write` returns.
 */
export class RollingFile {
  readonly #config: LoggingConfig;
  readonly #reopenAfterMs: number;
  readonly #report: FileReporter;
  readonly #warned = new Set<string>();
  #roll: RollStream | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;
  /** True if a failure was reported and the recovery was not yet. */
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
        `the log file ${this.#config.file} is closed; ${count(this.#missing)} missing in it`,
        'both',
      );
    }
    if (!roll) return;
    const closed = once(roll, 'close', { signal: AbortSignal.timeout(CLOSE_LIMIT_MS) });
    roll.end();
    await closed.catch(() => undefined);
  }

  #put(line: string): boolean {
    const roll = this.#roll;
    if (!roll) return false;
    try {
      // Writing to a deleted file never fails. Only its path shows that it is gone.
      if (!existsSync(roll.file)) this.#beginAgain(roll);
      // This line may be the one that fills the file.
      refuseForeignEntry(nextLogFile(roll.file));
      // A failure is an `error` event during this call, which clears `#roll`.
      roll.write(line);
    } catch (error) {
      this.#fail(roll, error);
    }
    return this.#roll === roll;
  }

  #beginAgain(roll: RollStream): void {
    makeLogDirectory(roll.file);
    refuseForeignEntry(roll.file);
    roll.reopen();
    this.#linkAndTrim(roll);
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
    roll.on('ready', () => {
      // A file of another user has been refused by now.
      if (this.#roll === roll) this.#linkAndTrim(roll);
    });
    this.#linkAndTrim(roll);
    if (this.#failing) await this.#confirmRecovery(roll);
  }

  /** A file can be opened on a full disk. Only a written line proves that it works. */
  async #confirmRecovery(roll: RollStream): Promise<void> {
    const missing = this.#missing;
    const message = `the log file ${this.#config.file} works again; ${count(missing)} missing in it`;
    this.#report('WARNING', message, 'file');
    if (this.#roll !== roll) {
      this.#missing = missing;
      return;
    }
    // A rotation that this line triggers fails only after the line.
    await setImmediate();
    if (this.#roll !== roll) return;
    this.#failing = false;
    this.#missing = 0;
    this.#report('WARNING', message, 'stdout');
  }

  #fail(roll: RollStream, error: unknown): void {
    // Errors of a stream that was already replaced or closed do not count.
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
      `cannot write the log file ${this.#config.file}: ${reason}; logging to stdout only`,
      'stdout',
    );
  }

  /** What goes with a new file: both links, and the end of the oldest. */
  #linkAndTrim(roll: RollStream): void {
    this.#warnIfThrows(() => pointCurrentLink(roll.file));
    this.#warnIfThrows(() => makeWellKnownLink(this.#config.file));
    this.#warnIfThrows(() => removeOldLogFiles(roll.file, this.#config.logFilesToKeep));
  }

  /** None of this is needed to write: a failure is reported once and delays nothing. */
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
