import { parseDuration } from '../../src/domain/duration.js';

/** What the form of a pause offers. */
export const PAUSE_SPANS = [
  { value: '30m', label: '30 minutes' },
  { value: '1h', label: '1 hour' },
  { value: '4h', label: '4 hours' },
  { value: '1d', label: '1 day' },
  { value: '', label: 'until somebody resumes it' },
] as const;

interface PauseFields {
  readonly span: string;
  /** Wins over `span` if it is filled in. */
  readonly other: string;
  readonly reason: string;
}

/** The request that the form means, or what is wrong with it. */
export function readPauseForm({
  span,
  other,
  reason,
}: PauseFields): { readonly forMs?: number; readonly reason?: string } | { readonly problem: string } {
  const text = other.replace(/\s/g, '') || span;
  const forMs = text === '' ? undefined : parseDuration(text);
  if (text !== '' && forMs === undefined)
    return { problem: `“${other}” is no time. Write 90s, 45m, 2h, 1d or 1h30m, up to 366 days.` };
  return {
    ...(forMs === undefined ? {} : { forMs }),
    ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
  };
}
