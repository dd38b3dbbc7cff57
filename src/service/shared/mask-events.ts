import { BinlogError, type StreamSignal } from '../../domain/alarm/binlog-signal.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';

type Mask = (text: string) => string;

/** Fields whose text comes from outside: from a command, a server, the table or an administrator. */
const FREE_TEXTS: ReadonlySet<string> = new Set(['reason', 'detail', 'notes', 'by']);
const PARTS: ReadonlySet<string> = new Set(['alarm', 'pause', 'report', 'waitsFor']);

/**
 * The event without the secrets that texts of commands and servers may hold (R24). Names are not masked, because they are
 * keys. Returns the same object if there is nothing to mask.
 */
export function maskEvent(event: CycleEvent, mask: Mask): CycleEvent {
  return maskTexts(event, mask);
}

/** The same for a signal of the binlog stream: notes of the table, and why the stream was lost. */
export function maskSignal(signal: StreamSignal, mask: Mask): StreamSignal {
  if (signal.kind === 'raised' && signal.notes !== null) {
    const notes = mask(signal.notes);
    return notes === signal.notes ? signal : { ...signal, notes };
  }
  if (signal.kind !== 'lost') return signal;
  const { message, remedy, retryAtOnce, isConfiguration, isOfPrimary } = signal.error;
  const masked = mask(message);
  if (masked === message) return signal;
  const options = { retryAtOnce, isConfiguration, isOfPrimary, ...(remedy === undefined ? {} : { remedy }) };
  return { ...signal, error: new BinlogError(masked, options) };
}

function maskTexts<T extends object>(value: T, mask: Mask): T {
  let masked = value;
  for (const [key, part] of Object.entries(value)) {
    const next = maskPart(key, part, mask);
    if (next !== part) masked = { ...masked, [key]: next };
  }
  return masked;
}

function maskPart(key: string, part: unknown, mask: Mask): unknown {
  if (typeof part === 'string') return FREE_TEXTS.has(key) ? mask(part) : part;
  if (typeof part !== 'object' || part === null || !PARTS.has(key)) return part;
  return Array.isArray(part) ? part.map((item: object) => maskTexts(item, mask)) : maskTexts(part, mask);
}
