import type { Log, LogFields } from '../../../src/telemetry/log/log.js';

interface RecordedLine {
  readonly level: keyof Log;
  readonly subject: string;
  readonly message: string;
  readonly fields?: LogFields;
}

/** A log that keeps its lines, for who only needs to know what was told. */
export function recordLog(): { readonly log: Log; readonly lines: RecordedLine[] } {
  const lines: RecordedLine[] = [];
  const write =
    (level: keyof Log) =>
    (subject: string, message: string, fields?: LogFields): void => {
      lines.push({ level, subject, message, ...(fields ? { fields } : {}) });
    };
  return {
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    lines,
  };
}
