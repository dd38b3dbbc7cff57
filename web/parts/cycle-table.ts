import { formatLocalTime } from '../../src/domain/local-time.js';
import { type Child, h, type VNode } from '../dom/h.js';
import type { HistoryEntry } from '../model/contract.js';
import { formatClock, formatMs } from '../model/times.js';
import { withUniqueKeys } from '../model/unique-keys.js';
import { describeVerdict } from '../model/verdicts.js';
import { processLink } from './links.js';
import { told } from './mark.js';
import { table } from './table.js';
import { foreign, time } from './texts.js';

/** Past cycles, a row each. `without: process` for the page of one process. */
export function cycleTable(
  caption: string,
  entries: readonly HistoryEntry[],
  now: number,
  without?: 'process',
): VNode {
  const columns = [
    { title: 'Seen', isHead: true as const },
    ...(without ? [] : [{ title: 'Process' }]),
    { title: 'How it ended' },
    { title: 'Begun by' },
    { title: 'Attempts', isNumber: true as const },
    { title: 'Reaction', isNumber: true as const },
    { title: 'Duration', isNumber: true as const },
  ];
  // Two cycles of one process may have been seen in one millisecond.
  const keyed = withUniqueKeys(entries, ({ processId, seenAt }) => `${processId} ${seenAt}`);
  return table(
    caption,
    columns,
    keyed.map(([key, entry]) => ({ key, cells: cellsOf(entry) })),
  );

  function cellsOf(entry: HistoryEntry): Child[] {
    const { seenAt, verdict, reason, trigger, by, attempts, reactionMs, durationMs, strategy, unit } = entry;
    return [
      time(seenAt, formatClock(seenAt, now), formatLocalTime(seenAt)),
      ...(without ? [] : [processLink(entry)]),
      h(
        'div',
        null,
        told(describeVerdict(verdict)),
        strategy !== undefined &&
          h('span', { class: 'quiet-text' }, ' by ', unit === undefined ? strategy : foreign(unit)),
        reason !== undefined && h('div', { class: 'reason' }, foreign(reason)),
      ),
      [trigger, by !== undefined && h('span', { class: 'quiet-text' }, ' by ', foreign(by))],
      attempts === 0 ? '–' : attempts,
      reactionMs === undefined ? '–' : formatMs(reactionMs),
      formatMs(durationMs),
    ];
  }
}
