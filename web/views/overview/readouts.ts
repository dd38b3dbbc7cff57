import { type Child, h, type VNode } from '../../dom/h.js';
import type { Snapshot } from '../../model/contract.js';
import { formatMs, formatSince } from '../../model/times.js';
import { count, formatCount } from '../../model/words.js';

/** The figures, as on the front of an instrument. */
export function readouts({ counts, totals, service }: Snapshot, now: number): VNode {
  const since = `since the start, ${formatSince(service.startedAt, now)} ago`;
  return h(
    'dl',
    { class: 'readouts' },
    readout(
      'Alarms',
      formatCount(counts.alarms),
      counts.cycles === 0 ? 'none at work' : `${formatCount(counts.cycles)} at work`,
    ),
    readout(
      'Median reaction',
      totals.medianReactionMs === undefined ? '–' : formatMs(totals.medianReactionMs),
      totals.medianReactionMs === undefined ? 'no restart yet' : 'from alarm to restart',
    ),
    readout('Restarts', formatCount(totals.restarts), since),
    readout(
      'Cycles that succeeded',
      formatCount(totals.verified),
      `${formatCount(totals.healthy)} more were healthy already`,
    ),
    readout(
      'Cycles that failed',
      formatCount(totals.failed),
      `${count(counts.breakers, 'breaker')} with failures`,
    ),
  );
}

function readout(name: string, value: Child, more: string): VNode {
  return h(
    'div',
    { class: 'readout' },
    h('dt', null, name),
    h('dd', null, h('span', { class: 'value' }, value), h('span', { class: 'more' }, more)),
  );
}
