import type { Logger } from 'pino';
import type { LoggingConfig } from '../../config/config.js';
import { describeError } from '../../domain/errors.js';
import { type LineTarget, RollingFile } from './file/rolling-file.js';
import { createJsonLogger, logAsJson } from './json-logger.js';
import type { LogFields, LogHandle, LogMethod, LogOptions } from './log.js';
import { createLogEntry, type LogEntry } from './log-entry.js';
import { LOG_LEVELS, type LogLevel } from './log-level.js';
import { createMask } from './mask-secrets.js';
import { renderFileLine, renderJournalLine, renderTerminalLine } from './render-line.js';
import { StdoutSink } from './stdout-sink.js';

/**
 * Opens the log: the rotating file and stdout. Never rejects because of the file: if it cannot be written, stdout says
 * so once, and the file is tried again (R13).
 */
export async function openLog(config: LoggingConfig, options: LogOptions): Promise<LogHandle> {
  const log = new ServiceLog(options);
  await log.reconfigure(config);
  return log;
}

/** Subject of the lines that the log writes about itself. */
const SELF = 'monitor_service';
const REOPEN_AFTER_MS = 5000;

class ServiceLog implements LogHandle {
  readonly debug: LogMethod = (...line) => this.#log('DEBUG', ...line);
  readonly info: LogMethod = (...line) => this.#log('INFO', ...line);
  readonly warn: LogMethod = (...line) => this.#log('WARNING', ...line);
  readonly error: LogMethod = (...line) => this.#log('ERROR', ...line);

  readonly #options: LogOptions;
  readonly #stdout: StdoutSink;
  readonly #lines: Logger;
  /** Not filtered by level: messages about the log itself are always written. */
  readonly #notices: Logger;
  #current: { readonly entry: LogEntry; readonly to: LineTarget } | undefined;
  #format: LoggingConfig['format'] = 'text';
  #file: RollingFile | undefined;
  #busy: Promise<void> = Promise.resolve();

  constructor(options: LogOptions) {
    this.#options = options;
    this.#lines = createJsonLogger((json) => this.#deliverJson(json));
    this.#notices = createJsonLogger((json) => this.#deliverJson(json));
    this.#stdout = new StdoutSink(options.stdout, (reason) =>
      this.#notice('WARNING', `cannot write to stdout: ${reason}; logging to the file only`, 'file'),
    );
  }

  reconfigure(config: LoggingConfig): Promise<void> {
    return this.#concatSteps(async () => {
      const file = await RollingFile.open(
        config,
        this.#options.reopenAfterMs ?? REOPEN_AFTER_MS,
        (level, message, to) => this.#notice(level, message, to),
      );
      const old = this.#file;
      this.#file = file;
      this.#format = config.format;
      this.#lines.level = LOG_LEVELS[config.level].pino;
      await old?.close();
    });
  }

  close(): Promise<void> {
    return this.#concatSteps(async () => this.#file?.close());
  }

  #concatSteps(step: () => Promise<void>): Promise<void> {
    this.#busy = this.#busy.then(step);
    return this.#busy;
  }

  #log(level: LogLevel, subject: string, message: string, fields: LogFields = {}): void {
    if (!this.#lines.isLevelEnabled(LOG_LEVELS[level].pino)) return;
    try {
      this.#write(this.#lines, this.#clean(level, subject, message, fields), 'both');
    } catch (error) {
      // Values of a wrong type, a throwing getter: a mistake of the caller must not fail a cycle.
      this.#notice('ERROR', `cannot log a line: ${describeError(error)}`, 'both');
    }
  }

  #notice(level: LogLevel, message: string, to: LineTarget): void {
    this.#write(this.#notices, this.#clean(level, SELF, message, {}), to);
  }

  #clean(level: LogLevel, subject: string, message: string, fields: LogFields): LogEntry {
    return createLogEntry(level, subject, message, fields, createMask(this.#options.secrets()));
  }

  #write(logger: Logger, entry: LogEntry, to: LineTarget): void {
    if (this.#format !== 'json') {
      this.#deliver(renderFileLine(entry), entry, to);
      return;
    }
    this.#current = { entry, to };
    logAsJson(logger, entry);
  }

  /** Called by pino within `#write`. A sink may log a message itself from here, which replaces `#current`. */
  #deliverJson(json: string): void {
    if (this.#current) this.#deliver(json, this.#current.entry, this.#current.to);
  }

  #deliver(line: string, entry: LogEntry, to: LineTarget): void {
    if (to !== 'stdout') this.#file?.write(line);
    if (to === 'file') return;
    const dropped = this.#stdout.takeDropped();
    if (dropped > 0)
      this.#notice('WARNING', `stdout was blocked: ${dropped} lines are missing there`, 'stdout');
    this.#stdout.write(this.#renderForStdout(entry) ?? line);
  }

  /** The line for stdout, if it differs from that of the file. */
  #renderForStdout(entry: LogEntry): string | undefined {
    if (this.#options.underSystemd) return renderJournalLine(entry);
    return this.#options.colour ? renderTerminalLine(entry) : undefined;
  }
}
