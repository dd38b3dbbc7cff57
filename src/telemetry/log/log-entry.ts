import { describeError } from '../../domain/errors.js';
import { escapeControlCharacters } from '../../lib/escape-control-characters.js';
import type { LogFields } from './log.js';
import type { LogLevel } from './log-level.js';

/** One log line before it is rendered. All its texts are clean: one line each, of bounded length, without secrets. */
export interface LogEntry {
  readonly time: Date;
  readonly level: LogLevel;
  readonly subject: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

export type FieldValue = string | number | boolean | null;

/** Longest text of one part of a line, in characters. */
export const MAX_TEXT_LENGTH = 2000;

/** Cleans the arguments of a caller. Never throws, whatever the values are. */
export function createLogEntry(
  level: LogLevel,
  subject: string,
  message: string,
  fields: LogFields,
  mask: (text: string) => string,
): LogEntry {
  // Masked before it is cut: otherwise the beginning of a secret at the cut would stay readable.
  const clean = (text: string) => cut(escapeControlCharacters(cut(mask(text))));
  const cleanFields: [string, FieldValue][] = [];
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined) cleanFields.push([clean(key), cleanValue(value, clean)]);
  }
  return {
    time: new Date(),
    level,
    subject: clean(subject),
    message: clean(message),
    fields: Object.fromEntries(cleanFields),
  };
}

/** Numbers and booleans keep their type in JSON, unless they are a secret. */
function cleanValue(value: unknown, clean: (text: string) => string): FieldValue {
  if (value === null) return null;
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) {
    const text = String(value);
    const cleaned = clean(text);
    return cleaned === text ? value : cleaned;
  }
  return clean(describeValue(value));
}

function describeValue(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    if (value instanceof Error) return describeError(value);
    if (value instanceof Date) return value.toISOString();
    return (typeof value === 'object' ? JSON.stringify(value) : undefined) ?? String(value);
  } catch {
    return '[not printable]';
  }
}

function cut(text: string): string {
  if (text.length <= MAX_TEXT_LENGTH) return text;
  // A cut inside a surrogate pair would leave half a character.
  const head = text.slice(0, MAX_TEXT_LENGTH - 1).replace(/[\uD800-\uDBFF]$/, '');
  return `${head}…`;
}
