import type { StripCycle, Verdict } from './contract.js';
import type { Told } from './mark.js';

/** How a cycle ended. */
export const VERDICTS: Readonly<Record<Verdict, Told>> = {
  restarted: { mark: 'ok', text: 'restarted' },
  healthy: { mark: 'ok', text: 'healthy, not restarted' },
  failed: { mark: 'bad', text: 'failed' },
  'broken-off': { mark: 'bad', text: 'broken off' },
  'breaker-open': { mark: 'bad', text: 'breaker open' },
  escalated: { mark: 'warn', text: 'escalated' },
  refused: { mark: 'bad', text: 'refused' },
  paused: { mark: 'held', text: 'paused' },
  withdrawn: { mark: 'none', text: 'taken back' },
};

/** The verdicts that somebody should look at, as the service takes a list of them. */
export const WENT_WRONG = Object.entries(VERDICTS)
  .flatMap(([verdict, { mark }]) => (mark === 'bad' ? [verdict] : []))
  .join(',');

/** Of another version of the service, perhaps: its own word then. */
export function describeVerdict(verdict: string): Told {
  const known: Readonly<Record<string, Told>> = VERDICTS;
  return (Object.hasOwn(known, verdict) ? known[verdict] : undefined) ?? { mark: 'none', text: verdict };
}

/** What a strip of cycles shows, in words: `last 20 cycles: 18 restarted, 2 failed`. */
export function describeStrip(strip: readonly StripCycle[]): string {
  if (strip.length === 0) return 'no cycle yet';
  const counts = new Map<string, number>();
  for (const { verdict } of strip) {
    const { text } = describeVerdict(verdict);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const parts = [...counts].map(([text, n]) => `${n} ${text}`);
  return `last ${strip.length === 1 ? 'cycle' : `${strip.length} cycles`}: ${parts.join(', ')}`;
}
