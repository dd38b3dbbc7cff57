import { formatLocalTime } from '../../../src/domain/local-time.js';
import { h, type VNode } from '../../dom/h.js';
import type { ProcessDetail, ProcessEvent } from '../../model/contract.js';
import type { Mark } from '../../model/mark.js';
import { formatClock } from '../../model/times.js';
import { withUniqueKeys } from '../../model/unique-keys.js';
import { markIcon } from '../../parts/mark.js';
import { panel } from '../../parts/panel.js';
import { empty, foreign, foreignLines, time } from '../../parts/texts.js';

const MARKS: Readonly<Record<string, Mark>> = {
  debug: 'none',
  info: 'ok',
  warn: 'warn',
  error: 'bad',
};

/** Step by step, as the log has it: attempts, what commands have written, what was written to the row. The latest first. */
export function eventsPanel({ events }: ProcessDetail, now: number): VNode {
  return panel(
    'events',
    'Step by step',
    undefined,
    events.length === 0
      ? empty(
          'Nothing has happened since the service was started.',
          'Attempts, and what commands print, are listed here.',
        )
      : h(
          'ol',
          { class: 'events', reversed: true },
          [...withUniqueKeys(events, ({ at }) => String(at))].reverse().map(toItem),
        ),
  );

  function toItem([key, { at, level, message }]: readonly [string, ProcessEvent]): VNode {
    const [head = '', ...output] = message.split('\n');
    return h(
      'li',
      { key, class: `event event-${level}` },
      time(at, formatClock(at, now), formatLocalTime(at)),
      markIcon(MARKS[level] ?? 'none'),
      h(
        'div',
        null,
        level === 'warn' || level === 'error' ? h('span', { class: 'unseen' }, `${level}: `) : false,
        foreign(head),
        output.length > 0 && foreignLines(output.join('\n')),
      ),
    );
  }
}
