import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { LoggingConfig } from '../../../src/config/config.js';
import type { LogHandle, LogOptions } from '../../../src/telemetry/log/log.js';
import { openLog } from '../../../src/telemetry/log/open-log.js';
import { DEFAULT_CONFIG } from '../default-config.js';

/** A writable that keeps what it gets, as a reader of stdout would. */
class CapturedOutput extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }

  get lines(): string[] {
    return splitLines(this.text);
  }
}

/** A private `/var/log` with a log in it, as the service would have it. */
export class LogFixture {
  readonly root = mkdtempSync(join(tmpdir(), 'monitor-log-'));
  readonly directory = join(this.root, 'monitor_service');
  readonly wellKnown = join(this.root, 'monitor_service.log');
  readonly current = join(this.directory, 'current.log');
  readonly stdout = new CapturedOutput();
  readonly #opened: LogHandle[] = [];

  config(changes: Partial<LoggingConfig> = {}): LoggingConfig {
    return { ...DEFAULT_CONFIG.logging, file: join(this.directory, 'monitor_service.log'), ...changes };
  }

  async open(changes: Partial<LoggingConfig> = {}, options: Partial<LogOptions> = {}): Promise<LogHandle> {
    const log = await openLog(this.config(changes), {
      stdout: this.stdout,
      underSystemd: false,
      colour: false,
      secrets: () => [],
      reopenAfterMs: 10,
      ...options,
    });
    this.#opened.push(log);
    return log;
  }

  /** The numbered files, oldest first. */
  files(): string[] {
    if (!existsSync(this.directory)) return [];
    const number = (name: string) => Number(/^monitor_service\.(\d+)\.log$/.exec(name)?.[1]);
    return readdirSync(this.directory)
      .filter((name) => number(name) > 0)
      .sort((a, b) => number(a) - number(b));
  }

  /** The lines of all files, oldest first. */
  lines(): string[] {
    return this.files().flatMap((name) => splitLines(readFileSync(join(this.directory, name), 'utf8')));
  }

  async remove(): Promise<void> {
    for (const log of this.#opened) await log.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}

function splitLines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
