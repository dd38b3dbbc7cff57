import { type Logger, pino } from 'pino';
import type { FieldValue, LogEntry } from './log-entry.js';
import { LOG_LEVELS } from './log-level.js';

/** Returns the pino logger that filters by level and renders JSON. `deliver` gets each line when it is logged. */
export function createJsonLogger(deliver: (json: string) => void): Logger {
  return pino(
    {
      base: null,
      level: 'debug',
      timestamp: false,
      formatters: { level: (label) => ({ level: spellLevel(label) }) },
    },
    { write: deliver },
  );
}

/** Passes an entry to pino, with the entry's own time, so that text and JSON show the same time. */
export function logAsJson(logger: Logger, entry: LogEntry): void {
  const merged: Record<string, FieldValue> = { time: entry.time.toISOString(), process: entry.subject };
  for (const [key, value] of Object.entries(entry.fields)) {
    merged[OWN_KEYS.has(key) ? `field_${key}` : key] = value;
  }
  logger[LOG_LEVELS[entry.level].pino](merged, entry.message);
}

/** A field of such a name would make the key appear twice. */
const OWN_KEYS: ReadonlySet<string> = new Set(['level', 'time', 'process', 'msg']);

const SPELLED = new Map<string, string>(Object.entries(LOG_LEVELS).map(([level, { pino }]) => [pino, level]));

function spellLevel(label: string): string {
  return SPELLED.get(label) ?? label;
}
