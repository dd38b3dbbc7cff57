import type { HistoryEntry } from './contract.js';
import { formatClock, formatMs } from './times.js';
import { describeVerdict } from './verdicts.js';

type Column = (number | null)[];

/** The oldest first, on a scale without zero: numbers, durations, durations of those that failed, reactions. */
export function toColumns(entries: readonly HistoryEntry[]): [number[], Column, Column, Column] {
  const oldestFirst = [...entries].reverse();
  return [
    oldestFirst.map((_, index) => index),
    oldestFirst.map((entry) => (isBad(entry) ? null : Math.max(1, entry.durationMs))),
    oldestFirst.map((entry) => (isBad(entry) ? Math.max(1, entry.durationMs) : null)),
    oldestFirst.map(({ reactionMs }) => (reactionMs === undefined ? null : Math.max(1, reactionMs))),
  ];
}

/** The cycle at this place of the chart, or all of them. */
export function describeCycleAt(entries: readonly HistoryEntry[], index: number | undefined): string {
  if (index === undefined) return describeAll(entries);
  const entry = entries[entries.length - 1 - index];
  if (!entry) return '';
  const { seenAt, verdict, reactionMs, durationMs } = entry;
  const reaction = reactionMs === undefined ? '' : `, reaction ${formatMs(reactionMs)}`;
  // In full: it may have been any day.
  return `${formatClock(seenAt, 0)}: ${describeVerdict(verdict).text}${reaction}, duration ${formatMs(durationMs)}`;
}

function describeAll(entries: readonly HistoryEntry[]): string {
  const reactions = entries.flatMap(({ reactionMs }) => (reactionMs === undefined ? [] : [reactionMs]));
  const failed = entries.filter(isBad).length;
  const median = medianOf(reactions);
  const reaction = median === undefined ? 'no restart' : `median reaction ${formatMs(median)}`;
  const duration = medianOf(entries.map(({ durationMs }) => durationMs)) ?? 0;
  return `${reaction}, median duration ${formatMs(duration)}, ${failed} failed`;
}

function isBad({ verdict }: HistoryEntry): boolean {
  return describeVerdict(verdict).mark === 'bad';
}

function medianOf(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
